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
    public static string Line(DiagnosticDescriptor row) =>
        $"{row.Severity}: {Hole.Replace(row.Message, "…").Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)}";

    public static string Index() => Tables.Table(
        ["code", "severity", "sentence"],
        All.Select(row => (string[])[$"[{row.Code}](#{row.Code.ToLowerInvariant()})", row.Severity.ToString().ToLowerInvariant(), Line(row).Split(": ", 2)[1]]));

    [GeneratedRegex(@"(?<!\{)\{\d\}", RegexOptions.None, 1_000)]
    private static partial Regex Hole { get; }
}
