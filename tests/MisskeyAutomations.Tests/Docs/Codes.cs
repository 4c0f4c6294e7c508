using System.Reflection;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>Every diagnostic of the engine.</summary>
internal static partial class Codes
{
    /// <summary>All rows of all tables, by code.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        .. typeof(DiagnosticDescriptor).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .OrderBy(row => row.Code, StringComparer.Ordinal),
    ];

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
