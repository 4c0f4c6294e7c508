using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Several engines on one PostgreSQL database: whichever takes a webhook, and whichever dies, it is acted on once.</summary>
public sealed class SharedStoreTests(ITestOutputHelper output)
{
    // Other engines look every 5 s; the rest is for a busy machine.
    private static readonly TimeSpan PickUp = TimeSpan.FromSeconds(15);


    [Fact]
    public async Task What_both_are_told_at_once_is_answered_once()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        var notes = new List<Note>();

        for (var number = 0; number < 30; number++)
        {
            var (note, hook) = await house.MentionAsync();
            notes.Add(note);
            Assert.All(await Task.WhenAll(house.DeliverAsync(hook, 0), house.DeliverAsync(hook, 1), house.DeliverAsync(hook, 0)), Assert.True);
        }

        await house.AnsweredOnceAsync(notes);
    }

    [Fact]
    public async Task What_both_are_streamed_is_answered_once()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        house.Environment["MISSKEY_SOURCE"] = "streaming";
        Assert.All([0, 1], engine => house.Folder(engine).Write("rules/welcome.yaml", "rules: [{ name: welcome, on: followed, do: [{ note: 'welcome ${user.acct}' }] }]"));
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        await Eventually.HoldsAsync(() => house.World.ChannelsOf(house.Owner, "main") == 2, "both listen");

        var people = Enumerable.Range(0, 20).Select(number => house.World.AddAccount($"person{number}")).ToList();
        people.ForEach(person => house.World.Follow(person, house.Owner));
        var notes = people.ConvertAll(person => house.World.Post(person, "@alice hello"));

        await house.AnsweredOnceAsync(notes);
        await Eventually.HoldsAsync(() => Welcomes(house).Length >= people.Count, "all are welcomed");
        Assert.Equal(people.Select(person => $"welcome {person.Username}").Order(StringComparer.Ordinal), Welcomes(house).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_account_that_is_connected_through_one_is_streamed_by_both_until_it_is_disconnected_through_either()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        house.Environment["MISSKEYAUTOMATIONS__KEYS"] = house.Folder(0)["keys"];
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        var robot = house.World.AddAccount("robot");

        await house.OrderAsync(0, house.World.IssueToken(robot, "read:account", "read:blocks", "read:mutes", "read:notifications", "write:notes"),
            "connect", house.Server, "--name", "robot", "--token-stdin");
        await TimedAsync(() => house.World.ChannelsOf(robot, "main") == 2, "the other engine listens, too");
        var notes = Enumerable.Range(0, 20).Select(number => house.World.Post(house.World.AddAccount($"person{number}"), "@robot hello")).ToList();
        await house.AnsweredOnceAsync(notes);
        await house.OrderAsync(1, null, "disconnect", "robot");

        await TimedAsync(() => house.World.ChannelsOf(robot, "main") == 0, "nobody listens");
    }

    private async Task TimedAsync(Func<bool> condition, string what)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(condition, what, PickUp);
        output.WriteLine($"{what} {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.0} s after the command had ended");
    }

    private static string[] Welcomes(SharedHouse house) =>
        [.. house.World.NotesOf(house.Owner).Select(note => note.Text!).Where(text => text.StartsWith("welcome", StringComparison.Ordinal))];

    [Fact]
    public async Task What_one_leaves_undone_when_it_is_killed_the_other_does_and_nothing_twice()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        var notes = new List<Note>();

        for (var number = 0; number < 30; number++)
        {
            var (note, hook) = await house.MentionAsync();
            notes.Add(note);
            Assert.True(await house.DeliverAsync(hook, number % 2));
        }

        await one.KillAsync();

        await house.AnsweredOnceAsync(notes);
    }

    [Fact]
    public async Task What_two_of_three_leave_undone_the_third_does_and_nothing_twice()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema(), engines: 3);
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        await using var three = await house.StartAsync(2);
        var notes = new List<Note>();

        for (var number = 0; number < 30; number++)
        {
            var (note, hook) = await house.MentionAsync();
            notes.Add(note);
            Assert.All(await Task.WhenAll(house.DeliverAsync(hook, number % 3), house.DeliverAsync(hook, (number + 1) % 3)), Assert.True);
        }

        await one.KillAsync();
        await two.KillAsync();

        await house.AnsweredOnceAsync(notes);
        Assert.False(three.HasExited);
    }

    [Fact]
    public async Task While_the_database_is_away_webhooks_are_refused_and_afterwards_all_goes_on()
    {
        using var server = new PostgresServer();
        await using var house = await SharedHouse.OpenAsync(server.AddSchema());
        await using var engine = await house.StartAsync(0);
        var (before, hook) = await house.MentionAsync();
        Assert.True(await house.DeliverAsync(hook, 0));
        await house.AnsweredOnceAsync(before);

        server.Restart();
        var (after, again) = await house.MentionAsync();
        await Eventually.HoldsAsync(() => house.DeliverAsync(again, 0), "it takes webhooks again");

        await house.AnsweredOnceAsync(before, after);
        Assert.False(engine.HasExited);
    }

    [Fact]
    public async Task Commands_read_the_same_database()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        await using var engine = await house.StartAsync(0);
        var (note, hook) = await house.MentionAsync();
        Assert.True(await house.DeliverAsync(hook, 0));
        await house.AnsweredOnceAsync(note);

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "why", note.Id);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("pong", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(house.Folder(0)["data"], "automations.db")));
    }

    [Theory]
    [InlineData("nonsense; Password=hunter2", 78, "the connection string is wrong")]
    [InlineData("Host=127.0.0.1;Port=1;Database=nowhere;Username=nobody;Password=hunter2", 74, "PostgreSQL database nowhere at 127.0.0.1:1: nothing listens")]
    public async Task A_database_that_cannot_be_reached_ends_the_start_with_a_sentence(string store, int exitCode, string sentence)
    {
        await using var house = await SharedHouse.OpenAsync(store);
        await using var run = house.Run(0);

        Assert.Equal(exitCode, await run.ExitCodeAsync());
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
