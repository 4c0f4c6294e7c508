using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Cli;

public sealed class WhyWordsTests
{
    [Fact]
    public void Every_state_has_words_of_its_own_in_both_languages()
    {
        IReadOnlyList<Phrase>[] families =
        [
            [.. Enum.GetValues<RunState>().Select(WhyWords.Of)],
            [.. Enum.GetValues<StepState>().Select(WhyWords.Of)],
            [.. Enum.GetValues<WaitReason>().Select(WhyWords.Of)],
            [.. Enum.GetValues<LookupOutcome>().Select(WhyWords.Of)],
            [.. Enum.GetValues<DeliveryState>().Select(state => WhyWords.Of(state, null))],
            [.. new Verdict[] { new("r", null), new("r", Gates.When), new("r", Gates.When) { TookElse = true }, new("r", Gates.Limit) { TookElse = true } }.Select(WhyWords.Of)],
        ];

        Assert.All(families, family =>
        {
            Assert.Equal(family, family.Distinct());
            Assert.Equal(family.Count, family.Select(phrase => phrase.In(Translation.Japanese)).Distinct().Count());
            Assert.Empty(family.SelectMany(phrase => Untranslated.Of(phrase, Translation.Japanese)));
        });
    }

    [Theory]
    [InlineData(RunState.Waiting, "do", false, null, "08:00", "waits for room in a budget until 08:00", "予算の空きを待機中 (08:00 まで)")]
    [InlineData(RunState.Waiting, "else", false, null, null, "waits for room in a budget (takes `else`)", "予算の空きを待機中 (`else` を実行)")]
    [InlineData(RunState.Skipped, "do", false, Gates.NoLongerHolds, null, "skipped: no longer holds", "スキップ: no longer holds")]
    [InlineData(RunState.Succeeded, "over-2", true, null, null, "succeeded (takes `over-2`) (dry run)", "成功 (`over-2` を実行) (ドライラン)")]
    public void A_run_is_told_in_one_go(RunState state, string branch, bool isDryRun, string? gate, string? due, string english, string japanese)
    {
        var run = new RecordedRun
        {
            Id = 1,
            Delivery = 1,
            Account = "main",
            Rule = "r",
            RuleHash = "hash of r",
            IsDryRun = isDryRun,
            State = state,
            Branch = branch,
            WaitsFor = WaitReason.Budget,
            DueAt = null,
            EventAt = DateTimeOffset.UnixEpoch,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Waited = TimeSpan.Zero,
            Attempts = 0,
            Reason = null,
            Gate = gate,
            Steps = [],
        };

        Assert.Equal((english, japanese), (WhyWords.Of(run, due).ToString(), WhyWords.Of(run, due).In(Translation.Japanese)));
    }
}
