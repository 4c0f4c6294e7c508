using System.Reflection;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>
/// What authors are told: <c>Golden/NAME.yaml</c> holds cases, each under a line <c># --- title</c>, and <c>Golden/NAME.expected.txt</c>
/// the whole rendered text of each. Run with <c>MKA_GOLDEN=write</c> to rewrite the expected files, and read the difference.
/// </summary>
public sealed class GoldenTests
{
    private const string Mark = "# --- ";

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Authors_are_told_in_these_words(string name)
    {
        var expected = Path.Combine(Folder(), name + ".expected.txt");

        var text = string.Join('\n', Cases(name).Select(one => $"=== {one.Title}\n\n{Told(one.Text)}"));

        Assert.NotEmpty(text);
        if (Environment.GetEnvironmentVariable("MKA_GOLDEN") == "write")
        {
            File.WriteAllText(expected, text);
        }

        Assert.Equal(File.ReadAllText(expected).ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void Every_row_of_the_tables_of_YAML_and_rules_is_shown_by_a_case()
    {
        DiagnosticDescriptor[] limits = [TriggerDiagnostics.AccountMissing, YamlDiagnostics.FileTooLarge, YamlDiagnostics.SetTooLarge, YamlDiagnostics.TooManyValues, YamlDiagnostics.FileUnreadable, RuleDiagnostics.ListTooLarge];

        var shown = Findings().Select(diagnostic => diagnostic.Descriptor).ToHashSet();

        // Those that need a file too large to be shown, or none that can be read, or several accounts, have tests of their own
        // (LimitsOfFilesTests, HostileFilesTests, TriggerTests).
        Assert.Empty(YamlDiagnostics.All.Concat(RuleDiagnostics.All).Concat(EndpointDiagnostics.All).Concat(TriggerDiagnostics.All).Except(shown).Except(limits).Select(row => row.Code));
    }

    [Fact]
    public void Every_code_has_one_meaning_and_stands_in_its_table()
    {
        DiagnosticDescriptor[] all = [.. YamlDiagnostics.All, .. RuleDiagnostics.All, .. EndpointDiagnostics.All, .. TriggerDiagnostics.All];

        Assert.Distinct(all.Select(row => row.Code), StringComparer.Ordinal);
        Assert.Equal(
            new[] { typeof(YamlDiagnostics), typeof(RuleDiagnostics), typeof(EndpointDiagnostics), typeof(TriggerDiagnostics) }.SelectMany(type => type.GetFields())
                .Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>().Select(row => row.Code).Order(StringComparer.Ordinal),
            all.Select(row => row.Code).Order(StringComparer.Ordinal));
    }

    // Not by CallerFilePath: deterministic builds rewrite it.
    internal static string Folder() => Path.Combine(
        typeof(GoldenTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ProjectFolder").Value!, "Rules", "Golden");

    /// <summary>Everything that the cases show.</summary>
    internal static IEnumerable<Diagnostic> Findings() => Directory.GetFiles(Folder(), "*.yaml")
        .SelectMany(file => Cases(Path.GetFileNameWithoutExtension(file)))
        .SelectMany(one => Read(one.Text).Diagnostics);

    private static RuleReading Read(string text) => RuleReader.Read(
        [new SourceText("rules/a.yaml", text)], SomeActions.All, (_, path) => path == "bad-words.txt" ? "one\n\ntwo\n" : null);

    private static string Told(string text)
    {
        var reading = Read(text);
        return reading.Diagnostics.Count == 0 ? "(nothing)\n" : DiagnosticText.Render(reading.Diagnostics);
    }

    private static IEnumerable<(string Title, string Text)> Cases(string name)
    {
        var file = File.ReadAllText(Path.Combine(Folder(), name + ".yaml")).ReplaceLineEndings("\n");
        foreach (var part in ("\n" + file).Split("\n" + Mark).Skip(1))
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            yield return (part[..end], Unescape(part[(end + 1)..]));
        }
    }

    // Characters that editors and git would change or hide are written as ␀ ␉ ␍ ␤ in the cases.
    private static string Unescape(string text) =>
        text.Replace('␀', '\0').Replace('␉', '\t').Replace('␍', '\r').Replace('␤', '\u2028');
}
