using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Explanations;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Docs;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Explanations;

/// <summary>
/// Rules in words: <c>rules.yaml</c> has one of everything, <c>rules.en.txt</c> and <c>rules.ja.txt</c> what is said of it. Run with
/// <c>MKA_GOLDEN=write</c> to rewrite them, and read the difference.
/// </summary>
public sealed class ExplainTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static string Folder => Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Explanations");

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void Rules_are_explained_in_these_words(string language)
    {
        var expected = Path.Combine(Folder, $"rules.{language}.txt");
        var rules = Read();

        var text = string.Concat(rules.Rules.Select(rule => string.Concat(Explain(rule, rules)
            .Select(line => $"{new string(' ', 2 * line.Depth)}{line.Text.In(Translation.Find(language)!)}\n")) + "\n"));

        if (Environment.GetEnvironmentVariable("MKA_GOLDEN") == "write")
        {
            File.WriteAllText(expected, text);
        }

        Assert.Equal(File.ReadAllText(expected).ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void Every_trigger_and_step_is_explained_in_Japanese() => Assert.All(
        EventTypes.All.Select(type => type.Doc).Concat(EventTypes.Places.Select(place => place.Doc)).Concat(ActionTable.Descriptors.Select(step => step.Doc)),
        line => Assert.Contains(line, Translation.Japanese.Texts.Keys));

    [Fact]
    public void Nothing_of_an_explanation_is_left_in_English()
    {
        var rules = Read();

        var missing = rules.Rules.SelectMany(rule => Explain(rule, rules)).SelectMany(line => Untranslated.Of(line.Text, Translation.Japanese)).ToArray();

        Assert.Empty(missing);
    }

    [Fact]
    public void Permissions_and_budgets_are_those_of_the_tables()
    {
        var rules = Read();
        foreach (var rule in rules.Rules)
        {
            var lines = Explain(rule, rules).Select(line => line.Text.ToString()).ToArray();
            string[] expected = [.. rule.Endpoints.Select(EndpointTable.PermissionOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

            Assert.Equal(expected.Length == 0 ? "none" : string.Join(", ", expected), lines[^1]);
            Assert.Equal(rule.Limits.Count, lines.Count(line => line.StartsWith("further ones ", StringComparison.Ordinal) || line == "for further ones instead:"));
        }
    }

    [Fact]
    public async Task The_command_explains_one_rule_and_names_the_nearest_of_one_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/a.yaml", "rules:\n  - { name: hello, on: mention, do: [ { react: 👋 } ] }\n  - { name: other, on: mention, do: [ stop ] }\n");

        var hello = await ProgramRun.ToEndAsync(folder.Path, null, "explain", "hello");
        var hallo = await ProgramRun.ToEndAsync(folder.Path, null, "explain", "hallo");

        Assert.Equal((0, ""), (hello.ExitCode, hello.Error));
        Assert.StartsWith("hello\nWhen\n  someone mentions me", hello.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("other", hello.Output, StringComparison.Ordinal);
        Assert.Equal((64, "misskey-automations: There is no rule 'hallo'. Did you mean 'hello'?\n"), (hallo.ExitCode, hallo.Error));
    }

    private static IReadOnlyList<ExplainedLine> Explain(Rule rule, RuleSet rules) =>
        RuleExplainer.Explain(rule, rules, new EndpointFacts(Permissions.For, EndpointTraits.BudgetOf), Now);

    private static RuleSet Read()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "rules.yaml"));
        return RuleFileReading.Read("rules.yaml", text).RuleSet ?? throw new InvalidOperationException(DiagnosticText.Render(RuleFileReading.Findings("rules.yaml", text)));
    }
}
