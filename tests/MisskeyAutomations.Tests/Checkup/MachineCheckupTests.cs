using MisskeyAutomations.Checkup;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>What lies on the machine is looked at, and what is wrong with it is told.</summary>
public sealed class MachineCheckupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fresh_machine_is_well_but_for_the_engine_that_does_not_run()
    {
        _folder.Write("rules/a.yaml", "rules: []\n");

        Assert.Equal((Mark.Good, "0 rules from"), Look("rules", "0 rules from"));
        Assert.NotEqual(Mark.Bad, Look("disk", "free where").Mark);
        Assert.Equal((Mark.Good, "There is no store yet"), Look("store", "There is no store yet"));
        Assert.Equal((Mark.Doubtful, "No engine runs on"), Look("engine", "No engine runs on"));
    }

    [Fact]
    public void Rules_with_errors_and_rules_that_are_not_there_are_told()
    {
        Assert.Equal(Mark.Bad, Look("rules", "There is no rules folder or file").Mark);

        _folder.Write("rules/a.yaml", "rules:\n  - name: a\n    on: mentoin\n    do:\n      - reply: hi\n");

        Assert.Equal(Mark.Bad, Look("rules", "have errors. `validate` shows where.").Mark);
    }

    [Fact]
    public void A_store_that_cannot_be_read_is_told()
    {
        _folder.Write("data/automations.db", new string('x', 5_000));

        Assert.Equal(Mark.Bad, Look("store", "The store cannot be read:").Mark);
    }

    private (Mark Mark, string Sentence) Look(string check, string sentence)
    {
        var settings = new EngineSettings { Rules = _folder["rules"], Data = _folder["data"], Urls = "http://127.0.0.1:0", Accounts = [] };
        var finding = Assert.Single(new MachineCheckup(settings).Look(), finding => finding.Check == check);
        Assert.Contains(sentence, finding.Sentence.ToString(), StringComparison.Ordinal);
        return (finding.Mark, sentence);
    }
}
