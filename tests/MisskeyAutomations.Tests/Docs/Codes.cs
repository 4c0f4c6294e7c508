using System.Reflection;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>Every diagnostic of the engine.</summary>
internal static partial class Codes
{
    /// <summary>All rows of all tables, by code, with the table and the field in which they stand.</summary>
    public static IReadOnlyList<(string Name, DiagnosticDescriptor Row)> Fields { get; } =
    [
        .. typeof(DiagnosticDescriptor).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => ($"{field.DeclaringType!.Name}.{field.Name}", (DiagnosticDescriptor)field.GetValue(null)!))
            .OrderBy(row => row.Item2.Code, StringComparer.Ordinal),
    ];

    /// <summary>All rows of all tables, by code.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } = [.. Fields.Select(field => field.Row)];

    /// <summary>The line that stands below a code's heading.</summary>
    public static string Line(DiagnosticDescriptor row) => $"{row.Severity}: {Sentence(row, Translation.English)}";

    /// <summary>The same on the Japanese page.</summary>
    public static string JapaneseLine(DiagnosticDescriptor row) => $"{JapaneseWord(row.Severity)}: {Sentence(row, Translation.Japanese)}";

    public static string Index() => Tables.Table(
        ["code", "severity", "sentence"],
        All.Select(row => (string[])[Link(row), row.Severity.ToString().ToLowerInvariant(), Sentence(row, Translation.English)]));

    public static string JapaneseIndex() => Tables.Table(
        ["番号", "重さ", "表示"],
        All.Select(row => (string[])[Link(row), JapaneseWord(row.Severity), Sentence(row, Translation.Japanese)]));

    private static string Link(DiagnosticDescriptor row) => $"[{row.Code}](#{row.Code.ToLowerInvariant()})";

    private static string JapaneseWord(Severity severity) => Translation.Japanese.Say(severity.ToString().ToLowerInvariant(), []);

    private static string Sentence(DiagnosticDescriptor row, Translation translation) =>
        Hole.Replace(translation.Texts.GetValueOrDefault(row.Message, row.Message), "…")
            .Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\{)\{\d\}", RegexOptions.None, 1_000)]
    private static partial Regex Hole { get; }
}
