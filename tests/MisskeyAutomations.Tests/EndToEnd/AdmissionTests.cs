using System.Net;
using System.Net.Sockets;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Groups, turns and places against a stand-in Misskey, over restarts and kills.</summary>
public sealed class AdmissionTests
{
    private const string Ordered = """
        rules:
          - name: queue
            on: mention
            overlap: queue
            do:
              - note: begin ${note.said}
              - wait: LONG
              - note: end ${note.said}
          - name: delay
            on: followed
            limit: { max: 1, within: LONG, over: delay }
            do:
              - follow: user
        """;

    private static readonly string[] Names = ["ann", "ben", "cid"];

    private static IEnumerable<string> InOrder => Names.SelectMany(name => new[] { $"begin {name}", $"end {name}" });

    [Fact]
    public async Task Queued_and_delayed_runs_go_on_in_order_over_restarts()
    {
        await using var house = await House.OpenAsync(Ordered.Replace("LONG", "1h", StringComparison.Ordinal));
        foreach (var name in Names)
        {
            var person = house.World.AddAccount(name);
            house.World.Post(person, $"@alice {name}");
            house.World.Follow(person, house.Owner);
            await house.RestAsync();
        }

        var counts = new List<(int Notes, int Follows)> { Count(house) };
        for (var i = 0; i < 3; i++)
        {
            await house.RestartAsync(later: TimeSpan.FromMinutes(61));
            var (notes, follows) = i < 2 ? ((2 * i) + 3, i + 2) : (6, 3);
            await Eventually.HoldsAsync(() => Count(house) is var now && now.Notes >= notes && now.Follows >= follows, $"the next have begun, round {i}");
            await house.RestAsync();
            counts.Add(Count(house));
        }

        Assert.Equal([(1, 1), (3, 2), (5, 3), (6, 3)], counts);
        Assert.Equal(InOrder, house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.Equal(Names, house.World.FollowedBy(house.Owner).Select(person => person.Username));
    }

    [Fact]
    public async Task Queued_and_delayed_runs_go_on_in_order_when_the_process_is_killed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Ordered.Replace("LONG", "2s", StringComparison.Ordinal));
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { DeliveriesPerSecond = 10_000, DeliveryTimeout = Eventually.Patience }, TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var port = FreePort.Find();
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{port}/hooks/main", House.Secret, "mention", "followed");
        var ledger = new Ledger(folder["data"]);

        await using (var first = Start(folder, misskey, alice, port))
        {
            await Eventually.HoldsAsync(() => IsOpen(port), "it takes webhooks");
            foreach (var name in Names)
            {
                var person = misskey.World.AddAccount(name);
                misskey.World.Post(person, $"@alice {name}");
                misskey.World.Follow(person, alice);
                await misskey.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
            }

            await Eventually.HoldsAsync(() => ledger.Runs().Count == 6 && ledger.Runs().Any(run => run.WaitsFor is WaitReason.Turn or WaitReason.Place), "some wait");
            await first.KillAsync();
        }

        await using var second = Start(folder, misskey, alice, port);
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State == RunState.Succeeded), "all have run");

        Assert.Equal(InOrder, misskey.World.NotesOf(alice).Select(note => note.Text));
        Assert.Equal(Names, misskey.World.FollowedBy(alice).Select(person => person.Username));
    }

    [Fact]
    public async Task Of_a_group_just_one_rule_takes_an_event_also_when_a_look_up_decides()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: described
                on: followed
                group: welcome
                when: has(user.description)
                do:
                  - note: hello ${user.username}, who says so much
              - name: otherwise
                on: followed
                group: welcome
                do:
                  - note: hello ${user.username}
            """);

        house.World.Follow(house.World.AddAccount("bob", description: "I am Bob"), house.Owner);
        await house.RestAsync();
        house.World.Follow(house.World.AddAccount("carol"), house.Owner);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == 3 && house.Ledger.Runs().All(run => run.State is RunState.Succeeded or RunState.Skipped), "both are greeted");

        Assert.Equal(["hello bob, who says so much", "hello carol"], house.World.NotesOf(house.Owner).Select(note => note.Text).Order(StringComparer.Ordinal));
        Assert.Equal([Gates.Group, null], house.Ledger.Deliveries().Where(delivery => delivery.Type == "followed").Select(delivery => delivery.GateOf("otherwise")));
    }

    [Fact]
    public async Task A_restarted_run_begins_anew_and_the_last_word_is_answered_once()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: last-word
                on: mention
                overlap: restart per user
                limit: 1 per user per 24h
                do:
                  - wait: 10m
                  - reply: you said ${note.said}
            """);
        var bob = house.World.AddAccount("bob");
        foreach (var word in (string[])["one", "two", "three"])
        {
            house.World.Post(bob, $"@alice {word}");
            await house.RestAsync();
        }

        await house.RestartAsync(later: TimeSpan.FromMinutes(11));
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the last is answered");
        await house.RestAsync();
        house.World.Post(bob, "@alice four");
        await house.RestAsync();

        Assert.Equal(["you said three"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.Equal([RunState.Cancelled, RunState.Cancelled, RunState.Succeeded], house.Ledger.Runs().Select(run => run.State));
        Assert.Equal(Gates.Limit, house.Ledger.Deliveries()[^1].GateOf("last-word"));
    }

    [Fact]
    public async Task What_a_name_holds_of_a_private_note_stays_private_after_a_restart()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: tell
                on: mention
                let: { said: "'they say: ' + note.said" }
                when: length(said) > 0
                do:
                  - wait: 1h
                  - note: ${said}
                  - reply: noted
            """);
        house.World.Message(house.World.AddAccount("bob"), house.Owner, "@alice a secret");
        await house.RestAsync();

        await house.RestartAsync(later: TimeSpan.FromMinutes(61));
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Succeeded, "the run ends");

        Assert.Equal([StepState.Skipped, StepState.Done], house.Ledger.Steps().Where(step => step.Path is "do[1]" or "do[2]").Select(step => step.State));
        Assert.DoesNotContain(house.World.NotesOf(house.Owner), note => note.Text!.Contains("secret", StringComparison.Ordinal));
    }

    private static (int Notes, int Follows) Count(House house) => (house.Calls("notes/create").Count, house.Calls("following/create").Count);

    private static bool IsOpen(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProgramRun Start(TemporaryFolder folder, SandboxServer misskey, Account alice, int port) => ProgramRun.Start(
        folder.Path,
        ProgramRun.EnvironmentOf(misskey.Url, alice.Token),
        "run", "--urls", $"http://127.0.0.1:{port}");
}
