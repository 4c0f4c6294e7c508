using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What no rule has to say: the laws that keep its owner from embarrassment.</summary>
public sealed class SafetyTests
{
    private const string Notice = "it is left unanswered until it has been quiet for 10m";

    private const string Chatty = """
        rules:
          - name: chatty
            on: [mention, reply, renote]
            do:
              - reply: Oh, really?
        """;

    [Fact]
    public async Task Two_engines_that_answer_each_other_fall_silent_with_one_notice()
    {
        await using var here = await House.OpenAsync(Chatty);
        var bob = here.World.AddAccount("bob");
        await using var there = await here.OpenNextDoorAsync(bob, Chatty);

        here.World.Post(bob, "@alice hello");
        await SilentAsync(here, there);

        // Three answers in the thread, however long it grew.
        Assert.Equal(3, here.Calls("notes/create").Count);
        Assert.Equal(3, there.Calls("notes/create").Count);

        // Who calls anew is heard: the thread is what went round.
        here.World.Post(bob, "@alice are you there?");
        await SilentAsync(here, there);
        Assert.InRange(here.Calls("notes/create").Count, 4, 5);
        Assert.InRange(there.Calls("notes/create").Count, 3, 5);
        Assert.Contains(here.Ledger.Steps(), step => step is { State: StepState.Skipped, Reason: not null } && step.Reason.Contains("are enough", StringComparison.Ordinal));
        Assert.Contains("@bob was answered 3 times within 10m", Assert.Single(here.Log.Lines, IsNotice), StringComparison.Ordinal);
        Assert.DoesNotContain(there.Log.Lines, IsNotice);
    }

    [Theory]
    [InlineData("- note: Hi ${mention(user)}!")]
    [InlineData("- quote: Look at this")]
    [InlineData("- dm: Hello there")]
    public async Task Two_engines_that_call_each_other_anew_fall_silent_as_well(string step)
    {
        var rules = $"""
            rules:
              - name: chatty
                on: [mention, reply, renote]
                do:
                  {step}
            """;
        await using var here = await House.OpenAsync(rules);
        var bob = here.World.AddAccount("bob");
        await using var there = await here.OpenNextDoorAsync(bob, rules);

        here.World.Post(bob, "@alice hello");
        await SilentAsync(here, there);

        Assert.InRange(here.Calls("notes/create").Count, 1, 5);
        Assert.InRange(there.Calls("notes/create").Count, 1, 5);
        Assert.InRange(here.Log.Lines.Concat(there.Log.Lines).Count(IsNotice), 0, 1);
    }

    [Fact]
    public async Task Whoever_goes_on_is_left_unanswered_until_they_were_quiet_also_over_a_restart()
    {
        await using var house = await House.OpenAsync(Chatty);
        var bob = house.World.AddAccount("bob");
        var carol = house.World.AddAccount("carol");
        house.World.Post(house.Owner, "good evening");

        for (var minutes = 0; minutes < 20; minutes += 2)
        {
            house.World.Reply(bob, house.World.NotesOf(house.Owner)[^1], $"@alice {minutes}");
            await house.RestAsync();
            await house.RestartAsync(later: TimeSpan.FromMinutes(2));
        }

        Assert.Equal(3, house.Calls("notes/create").Count);
        Assert.Single(house.Log.Lines, IsNotice);

        house.World.Post(carol, "@alice hi");
        house.Time.Shift += TimeSpan.FromMinutes(10.1);
        house.World.Reply(bob, house.World.NotesOf(house.Owner)[0], "@alice good morning");
        await house.RestAsync();
        Assert.Equal(5, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_refill_a_budget()
    {
        await using var house = await House.OpenAsync("""
            defaults:
              budget: { notes: 2 per 1h }
            rules:
              - name: pong
                on: mention
                do:
                  - reply: PONG!
            """);
        house.Time.Jump = TimeSpan.FromHours(5);
        for (var i = 0; i < 2; i++)
        {
            house.World.Post(house.World.AddAccount($"early{i}"), "@alice ping");
        }

        await house.RestAsync();
        foreach (var back in (double[])[4.9, 4, 1, 0])
        {
            house.Time.Jump = TimeSpan.FromHours(back);
            await house.RestartAsync();
            house.World.Post(house.World.AddAccount($"late{back * 10:0}"), "@alice ping");
            await house.RestAsync();
        }

        Assert.Equal(2, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task A_note_of_a_rule_is_known_as_its_own_though_its_webhook_outruns_the_answer_to_the_request()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: echo
                on: note
                do:
                  - note: |
                      echo of ${note.text}
                    cw: an echo
              - name: poll
                on: note
                do:
                  - note: Which?
                    poll: { choices: [this, that] }
            """);

        // The notes are made and their webhooks delivered; the answers to the requests never come.
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset, times: 2);
        house.World.Post(house.Owner, "by hand");
        await house.RestAsync();

        Assert.Equal(3, house.World.NotesOf(house.Owner).Count);
        Assert.Equal(2, house.Ledger.Deliveries().Count(delivery => delivery.GateOf("echo") == Gates.Self));
        Assert.Equal(2, house.Ledger.Deliveries().Count(delivery => delivery.GateOf("poll") == Gates.Self));
    }

    private static bool IsNotice(string line) => line.Contains(Notice, StringComparison.Ordinal);

    private static async Task SilentAsync(House one, House other)
    {
        int before;
        do
        {
            before = one.Misskey.World.Calls.Count;
            await one.RestAsync();
            await other.RestAsync();
        }
        while (one.Misskey.World.Calls.Count != before);
    }
}
