using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Whatever becomes of the answers: as many notes as were meant.</summary>
public sealed class OnceTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    private static readonly Dictionary<string, Fault> Faults = new(StringComparer.Ordinal)
    {
        ["executed, then 500"] = Fault.ExecuteThen500,
        ["executed, then reset"] = Fault.ExecuteThenReset,
        ["reset before"] = Fault.ResetBefore,
        ["502 page"] = Fault.Html502,
        ["500 before"] = Fault.RefuseWith(500, "INTERNAL_ERROR"),
        ["reset, executed later"] = Fault.ResetThenExecute(TimeSpan.FromMilliseconds(300)),
        ["slow"] = Fault.Delay(TimeSpan.FromMilliseconds(200)),
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task Each_kind_of_note_is_there_once_whatever_becomes_of_its_answer(string fault)
    {
        await using var house = await House.OpenAsync(Pong, start: false);
        house.Settle = LookTimes.Default.Settle;
        house.WriteRules(NoteKinds.Rules(house.World, house.Owner));
        await StartAsync(house, "mention");
        house.Misskey.Inject("notes/create", Faults[fault], NoteKinds.Count);

        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == NoteKinds.Count, "all run");
        await house.HealAsync();

        Assert.All(house.Ledger.Runs(), run => Assert.Equal(RunState.Succeeded, run.State));
        NoteKinds.CheckOnce(house.World, house.Owner);
    }

    [Theory]
    [InlineData("mention")]
    [InlineData("mention", "note")]
    public async Task Two_rules_that_mean_equal_notes_get_one_each(params string[] types)
    {
        await using var house = await OpenTwinsAsync(types);
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        house.Misskey.Inject("notes/create", Fault.ResetBefore);

        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == 2, "both run");
        await house.HealAsync();

        Assert.All(house.Ledger.Runs(), run => Assert.Equal(RunState.Succeeded, run.State));
        Assert.Equal(["same", "same"], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task A_server_that_takes_them_for_one_is_believed_and_that_is_told()
    {
        await using var house = await House.OpenAsync(Pong.Replace("reply: PONG!", "note: same", StringComparison.Ordinal), options => options with { Flavour = SandboxFlavour.Deduplicating });
        var bob = house.World.AddAccount("bob");

        house.World.Post(bob, "@alice one");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the first ends well");
        house.World.Post(bob, "@alice two");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.State == RunState.Succeeded) == 2, "both end well");

        Assert.Single(house.World.NotesOf(house.Owner));
        Assert.Equal([null, Reconciliation.SameNote], house.Ledger.Steps().Select(step => step.Reason));
    }

    [Fact]
    public async Task The_webhook_about_the_note_is_receipt_enough()
    {
        await using var house = await OpenAsync("mention", "note");
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);

        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }] && house.Ledger.Deliveries().Count == 2, "the receipt came");
        await house.HealAsync();

        Assert.Single(house.World.RepliesTo(his));
        Assert.Equal(RunState.Succeeded, Assert.Single(house.Ledger.Runs()).State);
        Assert.DoesNotContain(house.World.Calls, call => call.Endpoint == "notes/children");
    }

    [Fact]
    public async Task An_answer_that_Misskey_would_not_show_is_left_to_its_owner()
    {
        await using var house = await OpenAsync("mention");
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        var bob = house.World.AddAccount("bob");

        var his = house.World.Post(bob, "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the run waits for certainty");
        house.World.Mute(house.Owner, bob);
        await house.HealAsync();

        Assert.Single(house.World.RepliesTo(his));
        Assert.Equal("Misskey does not show answers to people whom the account mutes", Assert.Single(house.Ledger.Steps()).Reason);
    }

    [Fact]
    public async Task What_is_to_be_sent_at_most_once_is_looked_for_and_not_sent_again()
    {
        await using var house = await House.OpenAsync(Pong + "\n        delivery: at-most-once", start: false);
        house.Settle = LookTimes.Default.Settle;
        await StartAsync(house, "mention");
        house.Misskey.Inject("notes/create", Fault.ResetBefore);
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        var bob = house.World.AddAccount("bob");

        var never = house.World.Post(bob, "@alice one");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the first waits for certainty");
        var once = house.World.Post(bob, "@alice two");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == 2, "the second runs");
        await house.HealAsync();

        Assert.Equal([RunState.Failed, RunState.Succeeded], house.Ledger.Runs().Select(run => run.State));
        Assert.Empty(house.World.RepliesTo(never));
        Assert.Single(house.World.RepliesTo(once));
    }

    [Fact]
    public async Task A_note_to_which_nobody_can_answer_any_more_ends_the_run_instead_of_being_sent_for_ever()
    {
        await using var house = await OpenAsync("mention");
        house.Misskey.Inject("notes/create", Fault.ResetBefore);

        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the run waits for certainty");
        house.World.Delete(his);
        await house.HealAsync();

        var run = Assert.Single(house.Ledger.Runs());
        Assert.Equal((RunState.Skipped, Gates.Gone), (run.State, run.Gate));
        Assert.Empty(house.World.NotesOf(house.Owner));
    }

    private static async Task<House> OpenTwinsAsync(string[] types)
    {
        var house = await House.OpenAsync("""
            rules:
              - name: one
                on: mention
                do:
                  - note: same
              - name: two
                on: mention
                do:
                  - note: same
            """, start: false);
        house.Settle = LookTimes.Default.Settle;
        await StartAsync(house, types);
        return house;
    }

    private static async Task<House> OpenAsync(params string[] types)
    {
        var house = await House.OpenAsync(Pong, start: false);
        house.Settle = LookTimes.Default.Settle;
        await StartAsync(house, types);
        return house;
    }

    private static async Task StartAsync(House house, params string[] types)
    {
        await house.StartAsync();
        house.AddWebhook(types);
    }
}
