using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

public sealed class TriggerTests
{
    [Theory]
    [InlineData("{ cron: \"0 8 * * *\" }", "cron")]
    [InlineData("[mention, userCreated]", "userCreated")]
    public void With_several_accounts_the_clock_and_administrators_webhooks_need_one_named(string on, string trigger)
    {
        var finding = Assert.Single(Read(on, "", "alice", "bob").Diagnostics);

        Assert.Equal("MKA1155", finding.Code);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal($"a rule on '{trigger}' must say for which account it is: there are alice, bob", finding.Message);
        Assert.Equal(on, finding.Source.Text[finding.Span.Start..finding.Span.End]);
    }

    [Fact]
    public void One_account_or_a_name_or_another_trigger_is_enough()
    {
        Assert.Empty(Read("{ cron: \"0 8 * * *\" }", "", "alice").Diagnostics);
        Assert.Empty(Read("{ cron: \"0 8 * * *\" }", "account: bob", "alice", "bob").Diagnostics);
        Assert.Empty(Read("{ cron: \"0 8 * * *\" }", "account: [alice, bob]", "alice", "bob").Diagnostics);
        Assert.Empty(Read("[mention, reply]", "", "alice", "bob").Diagnostics);
        Assert.Empty(Read("{ cron: \"0 8 * * *\" }", "").Diagnostics);
    }

    [Fact]
    public void A_cron_goes_by_its_own_zone_or_that_of_the_set()
    {
        var rules = RuleReader.Read(
            [
                new SourceText("a.yaml", "rules:\n  - name: a\n    on: [{ cron: \"0 8 * * *\" }, { cron: \"0 9 * * *\", timezone: Asia/Tokyo, missed: once }]\n    do:\n      - log: x\n"),
                new SourceText("b.yaml", "defaults: { timezone: Europe/Berlin }\n"),
            ],
            SomeActions.All).RuleSet!.Rules;

        Assert.Equal([("Europe/Berlin", false), ("Asia/Tokyo", true)], rules[0].Crons.Select(cron => (cron.Zone.Id, cron.MakesUp)));
        Assert.Equal(["cron"], rules[0].Triggers);
    }

    [Fact]
    public void The_resolved_text_of_a_cron_rule_reads_to_the_same_times()
    {
        var rule = Read("[{ cron: \"0 8 * * mon\", timezone: Asia/Tokyo }, mention]", "").RuleSet!.Rules[0];

        var again = RuleReader.Read([new SourceText("again.yaml", rule.ResolvedText)], SomeActions.All).RuleSet!.Rules[0];

        Assert.Equal(rule.Hash, again.Hash);
        Assert.Equal(rule.Crons.Select(cron => cron.Key), again.Crons.Select(cron => cron.Key));
    }

    [Fact]
    public void Places_are_told_apart_by_name_and_tags_are_in_lower_case() => Assert.Equal(
        ["timeline:home", "antenna:猫", "hashtag:misskey"],
        Read("[{ timeline: home }, { antenna: 猫 }, { hashtag: Misskey }]", "").RuleSet!.Rules[0].Triggers);

    [Fact]
    public void A_webhook_cannot_ring_for_the_clock()
    {
        var rules = Read("{ cron: \"0 8 * * *\" }", "").RuleSet!;

        Assert.Empty(rules.Candidates("main", ["cron"]));
    }

    private static RuleReading Read(string on, string more, params string[] accounts) => RuleReader.Read(
        [new SourceText("a.yaml", $"rules:\n  - name: a\n    on: {on}\n    {more}\n    do:\n      - log: x\n")], SomeActions.All, accounts: accounts);
}
