using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Tests.Expressions;
using MisskeyAutomations.Engine.Tests.Rules;

namespace MisskeyAutomations.Engine.Tests.Diagnostics;

/// <summary>
/// The findings in Japanese. What fails here lists the entries that <c>ja.po</c> lacks as they are written there: put them into the
/// file and fill in their <c>msgstr</c>.
/// </summary>
public sealed class TranslationTests
{
    [Fact]
    public void Every_row_of_every_table_is_told_in_Japanese() => AssertComplete(Rows().Select(row => row.Message).Where(Untranslated.HasWords));

    [Fact]
    public void Everything_that_the_cases_of_rule_files_are_told_is_told_in_Japanese() =>
        AssertComplete(GoldenTests.Findings().SelectMany(finding => Untranslated.Of(finding, Translation.Japanese)));

    [Fact]
    public void Everything_that_the_cases_of_expressions_are_told_is_told_in_Japanese() =>
        AssertComplete(ExpressionCaseTests.Files.SelectMany(file => ExpressionCaseTests.Read(file.File))
            .SelectMany(row => CaseFile.Findings(row.Expression))
            .SelectMany(finding => Untranslated.Of(finding, Translation.Japanese)));

    [Fact]
    public void A_translation_has_the_holes_of_its_key() =>
        Assert.All(Translation.Japanese.Texts, text => Assert.Equal(Untranslated.Holes(text.Key), Untranslated.Holes(text.Value)));

    [Fact]
    public void A_translation_is_Japanese_and_a_sound_format()
    {
        object[] arguments = [.. Enumerable.Range(0, 6).Select(number => (object)number)];

        Assert.All(Translation.Japanese.Texts, text =>
        {
            var told = Translation.Japanese.Say(text.Key, arguments);
            Assert.NotEmpty(told);
            Assert.False(told.EndsWith('。') && !text.Key.EndsWith('.'), told);
        });
    }

    [Fact]
    public void A_finding_is_told_in_Japanese_from_its_severity_to_its_note()
    {
        var source = new SourceText("rules/挨拶.yaml", "nmae: x");
        var finding = RuleDiagnostics.UnknownKey.At(source, new(0, 4), Phrase.Of("a rule"), "nmae") with
        {
            Hint = $"did you mean '{"name"}'?",
            Note = $"keys: {"name, on, do"}",
        };

        Assert.Equal(
            "rules/挨拶.yaml:1:1: エラー MKA1101: ルールに 'nmae' というキーはありません\n  |\n1 | nmae: x\n  | ^^^^ 'name' のことですか？\n  = キー: name, on, do\n",
            DiagnosticText.Render(finding, Translation.Japanese));
    }

    [Fact]
    public void What_has_no_translation_is_told_in_English_and_found_as_missing()
    {
        var finding = new DiagnosticDescriptor("MKA9999", Severity.Error, "no such {0}").At(new SourceText("a", "x"), new(0, 1), Phrase.Of($"thing like {Phrase.Of("that one")}"));

        Assert.Equal("no such thing like that one", finding.MessageIn(Translation.Japanese));
        Assert.Equal(["no such {0}", "thing like {0}", "that one"], Untranslated.Of(finding, Translation.Japanese));
    }

    private static IEnumerable<DiagnosticDescriptor> Rows() => typeof(DiagnosticDescriptor).Assembly.GetTypes()
        .SelectMany(type => type.GetFields())
        .Where(field => field.IsStatic && field.FieldType == typeof(DiagnosticDescriptor))
        .Select(field => (DiagnosticDescriptor)field.GetValue(null)!);

    private static void AssertComplete(IEnumerable<string> formats)
    {
        string[] missing = [.. formats.Where(format => !Translation.Japanese.Texts.ContainsKey(format)).Distinct(StringComparer.Ordinal)];
        Assert.True(missing.Length == 0, "ja.po lacks:\n\n" + string.Join('\n', missing.Select(PoFile.Entry)));
    }
}
