using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What people do at Misskey starts rules, and what the rules do is done at Misskey.</summary>
public sealed class EventsTests
{
    private const string Ping = """
        rules:
          - name: ping
            on: mention
            when: contains(note.said, 'ping')
            do:
              - reply: PONG!
        """;

    [Theory]
    [InlineData("follow")]
    [InlineData("followed")]
    [InlineData("unfollow")]
    [InlineData("note")]
    [InlineData("reply")]
    [InlineData("renote")]
    [InlineData("mention")]
    public async Task Each_type_of_webhook_starts_its_rule_once_and_no_other(string type)
    {
        var rules = string.Concat(House.HookTypes.Select(one => $"""
              - name: on-{one}
                on: {one}
                do:
                  - note: {one}

            """));
        await using var house = await House.OpenAsync("rules:\n" + rules);
        var bob = house.World.AddAccount("bob");
        var hers = house.World.Post(house.Owner, "by hand");
        await house.RestAsync();
        house.World.Delete(house.World.NotesOf(house.Owner).Single(note => note.Text == "note"));
        var before = house.World.NotesOf(house.Owner).Count;

        Act(house, type, bob, hers);
        await house.RestAsync();

        var texts = house.World.NotesOf(house.Owner).Skip(before).Select(note => note.Text).Order(StringComparer.Ordinal);
        Assert.Equal(Expected(type), texts);
    }

    [Fact]
    public async Task A_reply_that_arrives_as_mention_and_reply_is_decided_once_and_starts_the_rules_on_both()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: on-mention
                on: mention
                do:
                  - react: 👍
              - name: on-reply
                on: reply
                do:
                  - reply: thanks
              - name: on-either
                on: [mention, reply]
                do:
                  - note: ${event.type}
            """);
        var hers = house.World.Post(house.Owner, "hello");

        var his = house.World.Reply(house.World.AddAccount("bob"), hers, "hi there");
        await house.RestAsync();

        Assert.Equal(2, house.Ledger.Deliveries().Count(delivery => delivery is { State: DeliveryState.Planned, Type: "reply" }));
        Assert.Equal(["on-either", "on-mention", "on-reply"], house.Ledger.Runs().Select(run => run.Rule).Order(StringComparer.Ordinal));
        Assert.Single(house.World.ReactionsTo(his));
        Assert.Equal("thanks", Assert.Single(house.World.RepliesTo(his)).Text);
        Assert.Single(house.World.NotesOf(house.Owner), note => note.Text == "reply");
    }

    [Fact]
    public async Task Thanks_for_a_bare_renote_go_under_the_own_note_and_mention_who_renoted_it()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: thank
                on: renote
                do:
                  - reply: Thanks, ${user.name}!
            """);
        var bob = house.World.AddAccount("bob", "Bob");
        var hers = house.World.Post(house.Owner, "renote me");

        house.World.Renote(bob, hers);
        await house.RestAsync();

        var thanks = Assert.Single(house.World.RepliesTo(hers));
        Assert.Equal("@bob Thanks, Bob!", thanks.Text);
        Assert.Contains(bob.Id, thanks.Mentions);
        Assert.Contains(house.World.NotificationsOf(bob), notification => notification.Note == thanks);
    }

    [Theory]
    [InlineData(NoteVisibility.Public)]
    [InlineData(NoteVisibility.Home)]
    [InlineData(NoteVisibility.Followers)]
    public async Task An_answer_is_as_visible_as_what_it_answers(NoteVisibility visibility)
    {
        await using var house = await House.OpenAsync(Ping);

        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping", visibility);
        await house.RestAsync();

        Assert.Equal(visibility, Assert.Single(house.World.RepliesTo(his)).Visibility);
    }

    [Fact]
    public async Task A_direct_message_is_answered_to_its_sender_alone()
    {
        await using var house = await House.OpenAsync(Ping);
        var bob = house.World.AddAccount("bob");

        var his = house.World.Message(bob, house.Owner, "ping");
        await house.RestAsync();

        var answer = Assert.Single(house.World.RepliesTo(his));
        Assert.Equal(NoteVisibility.Specified, answer.Visibility);
        Assert.Equal([bob.Id], answer.VisibleUserIds.Where(id => id != house.Owner.Id));
    }

    [Fact]
    public async Task What_a_rule_writes_starts_no_rule_on_notes_and_what_its_owner_writes_does()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: echo
                on: note
                do:
                  - note: echo of ${note.text}
            """);

        house.World.Post(house.Owner, "by hand");
        await house.RestAsync();

        Assert.Equal(["by hand", "echo of by hand"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        var gates = house.Ledger.Deliveries().Select(delivery => delivery.GateOf("echo"));
        Assert.Equal([null, Gates.Self], gates);
    }

    [Fact]
    public async Task A_bot_is_ignored_unless_the_rule_includes_bots()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: people
                on: mention
                do:
                  - reply: people
              - name: everybody
                on: mention
                include: [bots]
                do:
                  - reply: everybody
            """);

        var its = house.World.Post(house.World.AddAccount("botty", isBot: true), "@alice ping");
        await house.RestAsync();

        Assert.Equal("everybody", Assert.Single(house.World.RepliesTo(its)).Text);
        Assert.Equal(Gates.Bots, house.Ledger.Deliveries()[0].GateOf("people"));
    }

    [Fact]
    public async Task A_dry_run_sends_nothing_and_writes_down_what_it_would_do()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: greet
                on: followed
                enabled: dry-run
                do:
                  - follow: user
                  - dm: hello
                  - note: welcome
            """);

        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await house.RestAsync();

        Assert.Empty(house.Writes());
        Assert.Equal(RunState.Succeeded, Assert.Single(house.Ledger.Runs()).State);
        Assert.Equal(3, house.Ledger.Steps().Count(step => step.Reason == "dry run: shown, not sent"));
    }

    private static void Act(House house, string type, Account bob, Note hers)
    {
        SandboxWorld world = house.World;
        switch (type)
        {
            case "follow":
                world.Follow(house.Owner, bob);
                break;
            case "followed":
                world.Follow(bob, house.Owner);
                break;
            case "unfollow":
                world.Follow(bob, house.Owner);
                world.Follow(house.Owner, bob);
                world.Block(bob, house.Owner);
                break;
            case "note":
                world.Post(house.Owner, "again by hand");
                break;
            case "reply":
                world.Reply(bob, hers, "hi");
                break;
            case "renote":
                world.Renote(bob, hers);
                break;
            case "mention":
                world.Post(bob, "@alice hi");
                break;
        }
    }

    // A reply is a mention too; the note that I write by hand is there beside what its rule writes.
    private static string[] Expected(string type) => type switch
    {
        "unfollow" => ["follow", "followed", "unfollow"],
        "note" => ["again by hand", "note"],
        "reply" => ["mention", "reply"],
        _ => [type],
    };
}
