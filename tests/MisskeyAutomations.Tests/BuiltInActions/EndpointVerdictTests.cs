using System.Globalization;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary><c>endpoints.cases</c>: what a rule can call, told when it loads and kept to when it runs.</summary>
public sealed class EndpointVerdictTests
{
    private static readonly string[] Corpus =
        File.ReadAllLines(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "BuiltInActions", "endpoints.cases"));

    [Fact]
    public void Rules_can_call_what_the_corpus_says_and_nothing_else()
    {
        var cases = Cases().ToList();

        var wrong = cases.Where(one => VerdictAtRun(one.Endpoint) != one.Verdict).Select(one => $"{one.Endpoint}: {VerdictAtRun(one.Endpoint)}, not {one.Verdict}");

        Assert.True(cases.Count >= 120, cases.Count.ToString(CultureInfo.InvariantCulture));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Authors_are_told_when_the_rule_loads()
    {
        var wrong = Cases().Where(one => one.Verdict != "no name" && VerdictAtLoad(one.Endpoint, allowAdmin: false) != one.Verdict)
            .Select(one => $"{one.Endpoint}: {VerdictAtLoad(one.Endpoint, allowAdmin: false)}, not {one.Verdict}");

        Assert.Empty(wrong);
        Assert.All(Cases().Where(one => one.Verdict == "admin"), one => Assert.Equal("open", VerdictAtLoad(one.Endpoint, allowAdmin: true)));
    }

    /// <summary>Whatever Misskey keeps for itself or for moderators is closed, without anybody having listed it.</summary>
    [Fact]
    public void Nothing_that_Misskey_closes_itself_is_open()
    {
        string[] secure = [.. EndpointTable.Names.Where(EndpointTable.IsSecure)];
        string[] moderators = [.. EndpointTable.Names.Where(EndpointTable.IsForModerators)];

        Assert.True(secure.Length > 40 && moderators.Length > 60, $"{secure.Length} {moderators.Length}");
        Assert.All(secure, endpoint => Assert.NotNull(EndpointTraits.RefusalOf(endpoint)));
        Assert.All(moderators, endpoint => Assert.True(EndpointTraits.NeedsAdmin(endpoint), endpoint));
        Assert.All(
            EndpointTable.Names.Where(endpoint => EndpointTable.PermissionOf(endpoint)?.Contains(":admin:", StringComparison.Ordinal) == true),
            endpoint => Assert.True(EndpointTraits.NeedsAdmin(endpoint), endpoint));
    }

    private static string VerdictAtRun(string endpoint)
    {
        var input = Some.Input(Some.Event(), Some.Text(endpoint));
        return Some.Prepare("api", input) is Preparation.Ready ? "open"
            : Some.Prepare("api", input).InvalidReason.Contains("not the name", StringComparison.Ordinal) ? "no name"
            : Some.Prepare("api", input with { Defaults = new ActionDefaults { AllowAdmin = true } }) is Preparation.Ready ? "admin" : "never";
    }

    private static string VerdictAtLoad(string endpoint, bool allowAdmin)
    {
        var text = $"rules: [{{ name: a, on: followed, do: [ {{ api: '{endpoint}' }} ] }}]";
        var found = RuleReader.Read([new SourceText("a.yaml", text)], ActionTable.For(allowAdmin)).Diagnostics.Select(finding => finding.Descriptor).ToList();
        return found.Contains(EndpointDiagnostics.ClosedEndpoint) ? "never" : found.Contains(EndpointDiagnostics.NeedsAdmin) ? "admin" : "open";
    }

    private static IEnumerable<(string Endpoint, string Verdict)> Cases()
    {
        var verdict = "";
        foreach (var line in Corpus.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                verdict = line[3..].Split(':')[0];
                continue;
            }

            yield return (line, verdict);
        }
    }
}
