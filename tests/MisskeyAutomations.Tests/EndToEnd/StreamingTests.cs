using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Events come by the stream, as they do on a machine that Misskey cannot reach.</summary>
public sealed class StreamingTests
{
    private const string LogAll = """
        rules:
          - name: all
            on: [follow, followed, unfollow, note, reply, renote, mention, reaction, followRequest, followRequestAccepted, pollEnded]
            include: self
            do:
              - log: ${event.type}
        """;

    [Fact]
    public async Task Whatever_happens_to_the_account_starts_its_rules_once()
    {
        await using var house = await ListenAsync(LogAll, places: 1);
        var (bob, carol, dave) = (house.World.AddAccount("bob"), house.World.AddAccount("carol"), house.World.AddAccount("dave", isLocked: true));

        var mine = house.World.Post(house.Owner, "hello");
        var poll = house.World.Post(house.Owner, new NoteDraft { Text = "tea?", Poll = new PollDraft(["yes", "no"]) { ExpiredAfter = TimeSpan.FromSeconds(1) } });
        house.World.Follow(bob, house.Owner);
        house.World.Follow(house.Owner, carol);
        house.World.Unfollow(house.Owner, carol);
        Note[] notes =
        [
            mine, poll, house.World.Post(bob, "@alice hi"), house.World.Reply(bob, mine, "why?"), house.World.Renote(bob, mine),
            house.World.Quote(bob, mine, "see"), house.World.Message(bob, house.Owner, "psst"),
        ];
        house.World.React(carol, mine, "🎉");
        house.World.Follow(house.Owner, dave);
        house.World.AcceptRequest(dave, house.Owner);
        house.World.Change(house.Owner, isLocked: true);
        house.World.Follow(carol, house.Owner);

        string[] expected =
        [
            .. notes.Select(note => $"note:{note.Id}"), $"followed:{bob.Id}", $"follow:{carol.Id}", $"unfollow:{carol.Id}", $"reaction:{mine.Id}:{carol.Id}:🎉",
            $"followRequestAccepted:{carol.Id}", $"followRequestAccepted:{dave.Id}", $"follow:{dave.Id}", $"followRequest:{carol.Id}", $"pollEnded:{poll.Id}",
        ];
        await RanAsync(house, expected.Length);
        await house.RestAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), Subjects(house));
    }

    [Fact]
    public async Task Notes_that_pass_at_places_start_their_rules()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - { name: home, on: { timeline: home }, do: { log: x } }
              - { name: local, on: { timeline: local }, do: { log: x } }
              - { name: antenna, on: { antenna: tea }, do: { log: x } }
              - { name: list, on: { list: friends }, do: { log: x } }
              - { name: channel, on: { channel: cooking }, do: { log: x } }
              - { name: hashtag, on: { hashtag: tea }, do: { log: x } }
            """, start: false);
        var (bob, carol, dave) = (house.World.AddAccount("bob"), house.World.AddAccount("carol"), house.World.AddAccount("dave"));
        house.World.Follow(house.Owner, bob);
        house.World.AddAntenna(house.Owner, "tea", "sencha");
        house.World.AddToList(house.World.AddList(house.Owner, "friends"), carol);
        var channel = house.World.AddChannel(dave, "cooking");
        await ListenAsync(house, places: 6);

        var followed = house.World.Post(bob, "home and local");
        var listed = house.World.Post(carol, "a friend", NoteVisibility.Home);
        var caught = house.World.Post(dave, "Sencha, please");
        var tagged = house.World.Post(dave, "my #Tea");
        var cooked = house.World.Post(dave, new NoteDraft { Text = "soup", ChannelId = channel.Id });
        house.World.Post(dave, "@bob nobody asked", NoteVisibility.Followers);

        string[] expected =
        [
            $"home timeline:home:{followed.Id}", $"local timeline:local:{followed.Id}", $"local timeline:local:{caught.Id}", $"local timeline:local:{tagged.Id}",
            $"list list:friends:{listed.Id}", $"antenna antenna:tea:{caught.Id}", $"hashtag hashtag:tea:{tagged.Id}", $"channel channel:cooking:{cooked.Id}",
        ];
        await RanAsync(house, expected.Length);
        await house.RestAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), house.Ledger.Runs().Select(run => $"{run.Rule} {run.Subject}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("streaming")]
    [InlineData("both")]
    public async Task A_rule_on_places_and_on_what_notes_mean_runs_once_for_a_note(string source)
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: hello
                on: [mention, { timeline: home }, { timeline: local }]
                do:
                  - react: 👍
              - name: apart
                on: { timeline: home }
                do:
                  - log: x
            """, start: false);
        var bob = house.World.AddAccount("bob");
        house.World.Follow(house.Owner, bob);
        await ListenAsync(house, places: 2, Enum.Parse<AccountSource>(source, ignoreCase: true));

        var note = house.World.Post(bob, "@alice hi");
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Count(delivery => delivery.EventId.EndsWith(note.Id, StringComparison.Ordinal)) >= 3, "all are told");
        await house.RestAsync();

        Assert.Equal(["apart", "hello"], house.Ledger.Runs().Select(run => run.Rule).Order(StringComparer.Ordinal));
        Assert.Single(house.World.ReactionsTo(note));
        Assert.Contains(house.Ledger.Deliveries().SelectMany(delivery => delivery.Verdicts), verdict => verdict.Reason?.Contains("it runs once for a note", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_comes_by_webhook_and_by_stream_is_one_event()
    {
        await using var house = await House.OpenAsync(LogAll, start: false);
        await ListenAsync(house, places: 0, AccountSource.Both);
        house.AddWebhook();
        var bob = house.World.AddAccount("bob");

        var expected = new List<string>();
        for (var round = 0; round < 10; round++)
        {
            var mine = house.World.Post(house.Owner, $"hello {round}");
            var person = house.World.AddAccount($"person{round}");
            house.World.Follow(person, house.Owner);
            house.World.Follow(house.Owner, person);
            house.World.React(bob, mine, "🎉");
            Note[] notes = [mine, house.World.Reply(bob, mine, "@alice yes"), house.World.Quote(bob, mine, "so"), house.World.Post(bob, $"@alice {round}")];
            expected.AddRange([.. notes.Select(note => $"note:{note.Id}"), $"followed:{person.Id}", $"follow:{person.Id}", $"followRequestAccepted:{person.Id}", $"reaction:{mine.Id}:{bob.Id}:🎉"]);
        }

        await RanAsync(house, expected.Count);
        await house.RestAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), Subjects(house));
    }

    [Fact]
    public async Task My_own_note_starts_rules_and_what_they_write_does_not()
    {
        await using var house = await ListenAsync(places: 1, rules: """
            rules:
              - name: echo
                on: note
                do:
                  - note: again ${note.text}
            """);

        house.World.Post(house.Owner, "hello");
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Count == 2, "the rule's own note is told, too");
        await house.RestAsync();

        Assert.Equal(["hello", "again hello"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.Equal(Gates.Self, house.Ledger.Deliveries()[^1].GateOf("echo"));
    }

    [Fact]
    public async Task Other_rules_listen_elsewhere_and_a_place_that_is_missing_is_told_with_those_that_there_are()
    {
        await using var house = await House.OpenAsync("rules: [{ name: one, on: { antenna: teas }, do: { log: x } }]", start: false);
        house.World.AddAntenna(house.Owner, "tea", "sencha");
        var bob = house.World.AddAccount("bob");
        await ListenAsync(house, places: 0);
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("nothing called antenna:teas", StringComparison.Ordinal)
            && line.Contains("There are: tea", StringComparison.Ordinal)), "the missing antenna is told");

        house.WriteRules("rules: [{ name: two, on: { antenna: tea }, do: { log: x } }]");
        await Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner, "antenna") == 1, "the antenna is listened to");
        house.World.Post(bob, "Sencha");
        await RanAsync(house, 1);
        house.WriteRules("rules: [{ name: three, on: mention, do: { log: x } }]");
        await Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner, "antenna") == 0, "it is not listened to any more");

        Assert.Equal("two", Assert.Single(house.Ledger.Runs()).Rule);
        Assert.Equal(1, house.World.ListenersOf(house.Owner));
    }

    [Fact]
    public async Task A_locked_account_lets_in_and_turns_away_as_its_rules_say()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: let-in
                on: followRequest
                when: not startsWith(user.username, 'spam')
                do:
                  - accept-request: ${user}
              - name: turn-away
                on: followRequest
                when: startsWith(user.username, 'spam')
                do:
                  - reject-request: ${user}
            """, start: false);
        house.World.Change(house.Owner, isLocked: true);
        await ListenAsync(house, places: 0);
        var (carol, spam) = (house.World.AddAccount("carol"), house.World.AddAccount("spam1"));

        house.World.Follow(carol, house.Owner);
        house.World.Follow(spam, house.Owner);
        await Eventually.HoldsAsync(() => house.World.IsFollowing(carol, house.Owner) && !house.World.IsRequesting(spam, house.Owner), "both are answered");
        await house.RestAsync();

        Assert.False(house.World.IsFollowing(spam, house.Owner));
        Assert.Single(house.Calls("following/requests/accept"));
        Assert.Single(house.Calls("following/requests/reject"));
    }

    [Fact]
    public async Task Whoever_may_not_listen_is_paused_as_by_any_other_call()
    {
        await using var house = await ListenAsync(LogAll, places: 1);
        house.World.RevokeToken(house.Token);

        house.World.StreamsAreDown = true;
        house.World.StreamsAreDown = false;

        await Eventually.HoldsAsync(() => house.Engine.Services.GetRequiredService<Holds>().Paused.ContainsKey("main"), "the account is paused");
    }

    internal static async Task<House> ListenAsync(string rules, int places)
    {
        var house = await House.OpenAsync(rules, start: false);
        await ListenAsync(house, places);
        return house;
    }

    /// <summary>Starts the engine, which catches up every hour; what happens from then on is streamed.</summary>
    internal static async Task ListenAsync(House house, int places, AccountSource source = AccountSource.Streaming)
    {
        (house.Source, house.CatchUp) = (source, TimeSpan.FromHours(1));
        await house.StartAsync();
        await ListeningAsync(house, places);
    }

    /// <summary>Waits until the owner's stream stands, with what the rules need, and the first look at the notifications is over.</summary>
    internal static async Task ListeningAsync(House house, int places = 0)
    {
        await Eventually.HoldsAsync(() => house.World.ListenersOf(house.Owner) == 1 && house.World.ChannelsOf(house.Owner, "main") == 1, "the stream stands");
        await Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner) > places, "the places are listened to");
        await Eventually.HoldsAsync(() => house.Ledger.CatchUpMark() is not null, "it catches up from now on");
    }

    internal static Task RanAsync(House house, int count) =>
        Eventually.HoldsAsync(() => house.Ledger.Runs().Count >= count, $"{count} runs are made");

    private static string[] Subjects(House house) => [.. house.Ledger.Runs().Select(run => run.Subject).Order(StringComparer.Ordinal)];
}
