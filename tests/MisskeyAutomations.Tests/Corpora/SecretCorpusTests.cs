using System.Text.RegularExpressions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>A pasted rule cannot make a secret known: it does not load, or its secrets go to the host that stands beside them.</summary>
public sealed partial class SecretCorpusTests
{
    [Fact]
    public Task Every_rule_gets_its_verdict() => Corpus.CheckAsync("secrets.corpus", atLeast: 80, text => Task.FromResult(Judge(text)));

    /// <summary>What loads sends secrets to hosts that are written out, or to the address that a secret is.</summary>
    [Fact]
    public void Whatever_loads_sends_its_secrets_where_it_says() => Assert.All(
        Corpus.Read("secrets.corpus").Select(one => Judge(one.Text)).Where(verdict => !verdict.StartsWith("MKA", StringComparison.Ordinal)),
        verdict => Assert.Contains(verdict, (string[])["NO SECRET", "ONLY https://good.example", "ONLY ${secret.WEBHOOK}"]));

    private static string Judge(string text)
    {
        var body = text.Contains("do:", StringComparison.Ordinal) ? Indent(text, "    ") : "    do:\n      - " + Indent(text, "        ").TrimStart();
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", $"lists:\n  words: [a]\nrules:\n  - name: pasted\n    on: mention\n{body}\n")], ActionTable.Descriptors);
        if (reading.RuleSet is not { } set)
        {
            return string.Join(' ', reading.Diagnostics.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal));
        }

        var targets = set.Rules.SelectMany(rule => rule.Do).OfType<StepNode.Call>().Where(HoldsSecrets).Select(TargetOf).Distinct().ToArray();
        return targets.Length == 0 ? "NO SECRET" : $"ONLY {string.Join(' ', targets)}";
    }

    private static bool HoldsSecrets(StepNode.Call call) => call.Arguments.Values.Any(HoldsSecrets);

    private static bool HoldsSecrets(Argument argument) => argument switch
    {
        Argument.Text text => text.Template.HoldsSecrets,
        Argument.Mapping mapping => mapping.Entries.Values.Any(HoldsSecrets),
        Argument.Sequence sequence => sequence.Entries.Any(HoldsSecrets),
        _ => false,
    };

    private static string TargetOf(StepNode.Call call)
    {
        var address = ((Argument.Text)call.Arguments[""]).Template;
        return address.HoldsSecrets ? address.Source.Text : Origin().Match(address.Source.Text).Value;
    }

    private static string Indent(string text, string by) => string.Join('\n', text.Split('\n').Select(line => by + line));

    [GeneratedRegex("^https?://[^/?#]*", RegexOptions.NonBacktracking)]
    private static partial Regex Origin();
}
