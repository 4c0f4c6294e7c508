using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What webhooks did not bring is found among the notifications.</summary>
public sealed class CatchUpTests
{
    internal const string Rules = """
        defaults:
          budget: { notes: 1000 per 1h }
          replies: { per-user: 1000 per 10m, per-thread: 1000 per 10m }
        rules:
          - name: pong
            on: [mention, reply]
            late: 5h
            do:
              - reply: PONG ${note.said}
          - name: welcome
            on: followed
            late: 5h
            do:
              - note: welcome ${user.acct}
        """;

    [Fact]
    public async Task After_two_hours_five_hundred_events_are_all_decided_and_none_twice()
    {
        await using var house = await OpenAsync("""
            rules:
              - name: all
                on: [mention, reply, renote, followed]
                do:
                  - log: ${event.type} ${user.acct}
            """);
        var mine = house.World.Post(house.Owner, "hello");
        await house.RestAsync();
        var before = house.Ledger.Deliveries().Count;
        await house.StopAsync();

        var expected = new List<string>();
        for (var number = 0; number < 100; number++)
        {
            house.Time.Shift += TimeSpan.FromSeconds(72);
            var person = house.World.AddAccount($"person{number}");
            house.World.Follow(person, house.Owner);
            expected.Add($"followed:{person.Id}");
            expected.AddRange(Notes(house, person, mine).Select(note => $"note:{note.Id}"));
        }

        await MissAsync(house);
        await house.StartAsync();
        await CaughtUpAsync(house, "500 events since");
        await house.RestAsync();

        var told = house.Ledger.Deliveries().Skip(before).ToList();
        Assert.Equal(500, told.Count);
        Assert.All(told, delivery => Assert.Equal(DeliveryState.Planned, delivery.State));
        Assert.All(told, delivery => Assert.StartsWith("notification:", delivery.EventId));
        Assert.Equal(expected.Order(StringComparer.Ordinal), house.Ledger.Runs().Select(run => run.Subject).Order(StringComparer.Ordinal));
        Assert.All(house.Ledger.Runs(), run => Assert.Equal(RunState.Succeeded, run.State));
        Assert.Contains(house.Log.Lines, line => line.Contains("are told by webhooks and the stream alone", StringComparison.Ordinal));
        Assert.Contains(house.Log.Lines, line => line.Contains("500 notifications to catch up on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_happened_before_the_first_start_is_left_alone()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice old");
        house.CatchUp = TimeSpan.FromHours(1);

        await house.StartAsync();
        await BegunAsync(house);
        house.World.Post(bob, "@alice new");
        await house.RestartAsync();
        await CaughtUpAsync(house, "1 event since");
        await house.RestAsync();

        Assert.Equal("PONG new", Assert.Single(house.World.NotesOf(house.Owner)).Text);
    }

    [Fact]
    public async Task An_account_that_nobody_has_noticed_yet_misses_nothing_either()
    {
        await using var house = await OpenAsync(Rules);
        await house.StopAsync();
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice first");
        await MissAsync(house);

        await house.StartAsync();
        await CaughtUpAsync(house, "1 event since");
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(his));
    }

    [Fact]
    public async Task Rules_take_only_what_is_not_too_late_for_them()
    {
        await using var house = await OpenAsync("""
            rules:
              - name: quick
                on: mention
                do:
                  - reply: hi
            """);
        var bob = house.World.AddAccount("bob");
        await house.StopAsync();
        var old = house.World.Post(bob, "@alice one");
        house.Time.Shift += TimeSpan.FromHours(2);
        var fresh = house.World.Post(bob, "@alice two");
        await MissAsync(house);

        await house.StartAsync();
        await CaughtUpAsync(house, "2 events since");
        await house.RestAsync();

        Assert.Empty(house.World.RepliesTo(old));
        Assert.Single(house.World.RepliesTo(fresh));
        Assert.Contains(house.Ledger.Deliveries(), delivery => delivery.Verdicts is [{ Gate: Gates.Late }]);
    }

    [Fact]
    public async Task Private_text_stays_private()
    {
        await using var house = await OpenAsync("""
            rules:
              - name: tell-all
                on: mention
                do:
                  - note: they said ${note.said}
            """);
        await house.StopAsync();
        house.World.Message(house.World.AddAccount("bob"), house.Owner, "a secret");
        await MissAsync(house);

        await house.StartAsync();
        await CaughtUpAsync(house, "1 event since");
        await house.RestAsync();

        Assert.Empty(house.Calls("notes/create"));
        Assert.Contains("allow-private", Assert.Single(house.Ledger.Steps()).Reason);
    }

    [Fact]
    public async Task A_wave_of_people_who_were_suspended_since_hides_nobody_behind_it()
    {
        await using var house = await OpenAsync(Rules);
        await house.StopAsync();
        var first = house.World.Post(house.World.AddAccount("first"), "@alice first");
        var spammer = house.World.AddAccount("spammer");
        for (var number = 0; number < 120; number++)
        {
            house.World.Post(spammer, "@alice buy");
        }

        var last = house.World.Post(house.World.AddAccount("last"), "@alice last");
        house.World.Suspend(spammer);
        await MissAsync(house);

        await house.StartAsync();
        await CaughtUpAsync(house, "2 events since");
        await house.RestAsync();

        Assert.Single(house.World.RepliesTo(first));
        Assert.Single(house.World.RepliesTo(last));
        Assert.Equal(2, house.Calls("notes/create").Count);
    }

    [Fact]
    public async Task What_no_webhook_tells_starts_rules_at_the_next_look()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: thanks
                on: reaction
                do:
                  - dm: thank you for the ${reaction}
              - name: let-in
                on: followRequest
                do:
                  - accept-request: user
            """, start: false);
        house.World.Change(house.Owner, isLocked: true);
        house.CatchUp = TimeSpan.FromMilliseconds(200);
        await house.StartAsync();
        await BegunAsync(house);
        var bob = house.World.AddAccount("bob");
        var mine = house.World.Post(house.Owner, "hello");

        house.World.React(bob, mine, "🎉");
        house.World.Follow(bob, house.Owner);
        await Eventually.HoldsAsync(() => house.World.IsFollowing(bob, house.Owner) && house.Calls("notes/create").Count == 1, "both rules ran");
        await house.RestAsync();

        Assert.Equal("thank you for the 🎉", house.World.NotesOf(house.Owner)[^1].Text);
    }

    [Fact]
    public async Task A_rule_that_only_catching_up_could_start_is_warned_of_where_that_is_off()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: thanks
                on: [reaction, mention]
                do:
                  - log: hi
            """);

        var line = Assert.Single(house.Log.Lines, line => line.Contains("never starts on", StringComparison.Ordinal));
        Assert.Contains("Rule thanks never starts on 'reaction' of account main", line);
    }

    [Fact]
    public async Task Another_users_token_begins_anew()
    {
        await using var house = await OpenAsync(Rules);
        await house.StopAsync();
        var carol = house.World.AddAccount("carol");
        house.World.Post(house.World.AddAccount("bob"), "@carol hi");
        house.Token = carol.Token;

        await house.StartAsync();
        await Eventually.HoldsAsync(() => house.Log.Lines.Count(line => line.Contains("catches up from now on", StringComparison.Ordinal)) == 2, "it begins anew");
        await house.RestAsync();

        Assert.Empty(house.World.NotesOf(carol));
    }

    [Fact]
    public async Task An_account_that_is_told_not_to_does_not_look()
    {
        await using var house = await House.OpenAsync(Rules);

        await house.RestAsync();

        Assert.Empty(house.Calls("i/notifications"));
    }

    internal static async Task<House> OpenAsync(string rules)
    {
        var house = await House.OpenAsync(rules, start: false);
        house.CatchUp = TimeSpan.FromHours(1);
        await house.StartAsync();
        house.AddWebhook();
        await BegunAsync(house);
        return house;
    }

    internal static Task BegunAsync(House house) => Eventually.HoldsAsync(
        () => house.Log.Lines.Any(line => line.Contains("catches up from now on", StringComparison.Ordinal)), "it catches up");

    internal static Task CaughtUpAsync(House house, string what) => Eventually.HoldsAsync(
        () => house.Log.Lines.Any(line => line.Contains("caught up: " + what, StringComparison.Ordinal)), $"it says: caught up: {what}");

    // Misskey tries its webhooks in vain, and then no more.
    internal static async Task MissAsync(House house)
    {
        await house.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        house.World.GiveUpDeliveries();
    }

    private static IEnumerable<Note> Notes(House house, Account person, Note mine) =>
    [
        house.World.Post(person, "@alice hi"),
        house.World.Reply(person, mine, "and you?"),
        house.World.Renote(person, mine),
        house.World.Quote(person, mine, "so it is"),
    ];
}
