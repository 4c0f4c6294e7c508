using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What is one event and what are two, in every store.</summary>
public abstract class SubjectContract : StoreContract
{
    private static readonly Subject Note = new("note:9abc", Recurs: false);
    private static readonly Subject Followed = new("followed:bob9", Recurs: true);

    private protected SubjectContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    [Theory]
    [InlineData("hook1", "webhook")]
    [InlineData("hook2", "webhook")]
    [InlineData("", "streaming")]
    public async Task A_note_is_decided_once_whatever_reports_it_and_however_late(string hook, string source)
    {
        Assert.False((await Store.DecideAsync(Note)).AlreadyDecided);

        var second = await Store.DecideAsync(Note, hook, source, at: Store.Now.AddYears(1), runs: Store.Plan());

        Assert.True(second.AlreadyDecided);
        Assert.Empty(second.Runs);
        Assert.Empty(second.Verdicts);
    }

    [Fact]
    public async Task An_id_of_any_length_is_known_again()
    {
        var endless = new Subject($"note:{string.Concat(Enumerable.Range(0, 500).Select(number => Guid.NewGuid().ToString("N")))}", Recurs: false);
        Assert.False((await Store.DecideAsync(endless)).AlreadyDecided);

        Assert.True((await Store.DecideAsync(endless, hook: "hook2")).AlreadyDecided);
        Assert.False((await Store.DecideAsync(endless with { Key = endless.Key + "x" })).AlreadyDecided);
    }

    [Fact]
    public async Task A_hidden_first_copy_leaves_its_note_to_a_readable_one_once()
    {
        Assert.False((await Store.DecideAsync(Note, isReadable: false)).AlreadyDecided);
        Assert.True((await Store.DecideAsync(Note, hook: "hook2", isReadable: false)).AlreadyDecided);

        Assert.False((await Store.DecideAsync(Note, hook: "hook2")).AlreadyDecided);

        Assert.True((await Store.DecideAsync(Note, hook: "hook3")).AlreadyDecided);
        Assert.True((await Store.DecideAsync(Note, hook: "hook3", isReadable: false)).AlreadyDecided);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(-60, true)]
    [InlineData(-61, false)]
    public async Task A_follow_that_another_hook_reports_within_a_minute_is_the_same(int seconds, bool isSame)
    {
        await Store.DecideAsync(Followed);

        var second = await Store.DecideAsync(Followed, hook: "hook2", at: Store.Now.AddSeconds(seconds));

        Assert.Equal(isSame, second.AlreadyDecided);
    }

    [Fact]
    public async Task Another_source_without_hooks_counts_as_another_hook()
    {
        await Store.DecideAsync(Followed, hook: "", source: "streaming");

        Assert.True((await Store.DecideAsync(Followed, hook: "", source: "catch-up")).AlreadyDecided);
        Assert.False((await Store.DecideAsync(Followed, hook: "", source: "catch-up")).AlreadyDecided);
    }

    [Fact]
    public async Task Two_follows_of_one_hook_are_two_however_close()
    {
        Assert.False((await Store.DecideAsync(Followed)).AlreadyDecided);

        Assert.False((await Store.DecideAsync(Followed, at: Store.Now.AddSeconds(1))).AlreadyDecided);
    }

    [Theory]
    [InlineData("A1 B1 A2 B2", "A1 A2")]
    [InlineData("A1 B1 B2 A2", "A1 B2")]
    [InlineData("A1 A2 B2 B1", "A1 A2")]
    [InlineData("B2 A1 A2 B1", "B2 A2")]
    public async Task Two_follows_that_two_hooks_report_in_any_order_are_two(string arrivals, string expected)
    {
        var decided = new List<string>();
        foreach (var arrival in arrivals.Split(' '))
        {
            var at = Store.Now.AddSeconds(20 * (arrival[1] - '0'));
            if (!(await Store.DecideAsync(Followed, hook: arrival[..1], at: at)).AlreadyDecided)
            {
                decided.Add(arrival);
            }
        }

        Assert.Equal(expected.Split(' '), decided);
    }

    [Fact]
    public async Task Different_subjects_do_not_meet()
    {
        await Store.DecideAsync(Followed);

        Assert.False((await Store.DecideAsync(new Subject("followed:carol9", Recurs: true), hook: "hook2")).AlreadyDecided);
        Assert.False((await Store.DecideAsync(new Subject("unfollow:bob9", Recurs: true), hook: "hook2")).AlreadyDecided);
    }

    [Fact]
    public async Task Subjects_are_remembered_after_a_death()
    {
        await Store.DecideAsync(Note);
        await Store.DecideAsync(Followed);

        Store.Reopen();

        Assert.True((await Store.DecideAsync(Note, hook: "hook2")).AlreadyDecided);
        Assert.True((await Store.DecideAsync(Followed, hook: "hook2")).AlreadyDecided);
    }
}
