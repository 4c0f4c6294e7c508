using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Two engines on one PostgreSQL database: whichever takes a webhook, and whichever dies, it is acted on once.</summary>
public sealed class SharedStoreTests : IAsyncLifetime
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    // What a dead engine may have been sending is taken up 120 s after, and looked for.
    private static readonly TimeSpan Takeover = TimeSpan.FromMinutes(5);

    private string _store = SharedPostgres.NewSchema();
    private readonly TemporaryFolder[] _folders = [new(), new()];
    private readonly int[] _ports = [FreePort.Find(), FreePort.Find()];
    private readonly HttpClient _http = new();
    private SandboxServer _misskey = null!;
    private HookReceiver _receiver = null!;
    private Account _alice = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var folder in _folders)
        {
            folder.Write("rules/rules.yaml", Rules);
        }

        _misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 10_000 }, Token);
        _receiver = await HookReceiver.StartAsync();
        _alice = _misskey.World.AddAccount("alice");
        _misskey.World.AddWebhook(_alice, _receiver.Url, House.Secret, "mention");
    }

    public async ValueTask DisposeAsync()
    {
        await _misskey.DisposeAsync();
        await _receiver.DisposeAsync();
        _http.Dispose();
        foreach (var folder in _folders)
        {
            folder.Dispose();
        }
    }

    [Fact]
    public async Task What_both_are_told_at_once_is_answered_once()
    {
        await using var one = await StartAsync(0);
        await using var two = await StartAsync(1);
        var notes = new List<Note>();

        for (var number = 0; number < 30; number++)
        {
            var (note, hook) = await MentionAsync(number);
            notes.Add(note);
            Assert.All(await Task.WhenAll(DeliverAsync(hook, 0), DeliverAsync(hook, 1), DeliverAsync(hook, 0)), Assert.True);
        }

        await Eventually.HoldsAsync(() => notes.TrueForAll(note => _misskey.World.RepliesTo(note).Count > 0), "all are answered");
        Assert.All(notes, note => Assert.Single(_misskey.World.RepliesTo(note)));
    }

    [Fact]
    public async Task What_one_leaves_undone_when_it_is_killed_the_other_does_and_nothing_twice()
    {
        await using var one = await StartAsync(0);
        await using var two = await StartAsync(1);
        var notes = new List<Note>();

        for (var number = 0; number < 30; number++)
        {
            var (note, hook) = await MentionAsync(number);
            if (await DeliverAsync(hook, number % 2))
            {
                notes.Add(note);
            }
        }

        await one.KillAsync();

        await Eventually.HoldsAsync(() => notes.TrueForAll(note => _misskey.World.RepliesTo(note).Count > 0), "all are answered", Takeover);
        Assert.Equal(30, notes.Count);
        Assert.All(notes, note => Assert.Single(_misskey.World.RepliesTo(note)));
    }

    [Fact]
    public async Task While_the_database_is_away_webhooks_are_refused_and_afterwards_all_goes_on()
    {
        using var server = new PostgresServer();
        _store = server.AddSchema();
        await using var engine = await StartAsync(0);
        var (before, hook) = await MentionAsync(0);
        Assert.True(await DeliverAsync(hook, 0));
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(before).Count == 1, "it is answered");

        server.Restart();
        var (after, again) = await MentionAsync(1);
        await Eventually.HoldsAsync(() => DeliverAsync(again, 0), "it takes webhooks again");

        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(after).Count > 0, "it is answered", Takeover);
        Assert.False(engine.HasExited);
        Assert.Single(_misskey.World.RepliesTo(before));
        Assert.Single(_misskey.World.RepliesTo(after));
    }

    [Fact]
    public async Task Commands_read_the_same_database()
    {
        await using var engine = await StartAsync(0);
        var (note, hook) = await MentionAsync(0);
        Assert.True(await DeliverAsync(hook, 0));
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(note).Count == 1, "it is answered");

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folders[0].Path, Environment(), "why", note.Id);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("pong", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folders[0]["data"], "automations.db")));
    }

    [Theory]
    [InlineData("nonsense", "the connection string is wrong")]
    [InlineData("Host=127.0.0.1;Port=1;Database=nowhere;Username=nobody", "PostgreSQL database nowhere at 127.0.0.1")]
    public async Task A_database_that_cannot_be_reached_ends_the_start_with_a_sentence(string store, string sentence)
    {
        var environment = new Dictionary<string, string>(Environment()) { ["MISSKEYAUTOMATIONS__STORE"] = store };

        var (exitCode, _, error) = await ProgramRun.ToEndAsync(_folders[0].Path, environment, "run", "--urls", $"http://127.0.0.1:{_ports[0]}");

        Assert.Equal(74, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private async Task<ProgramRun> StartAsync(int number)
    {
        var run = ProgramRun.Start(_folders[number].Path, Environment(), "run", "--urls", $"http://127.0.0.1:{_ports[number]}");
        await run.StartedAsync();
        return run;
    }

    private async Task<(Note Note, ReceivedHook Hook)> MentionAsync(int number)
    {
        var note = _misskey.World.Post(_misskey.World.AddAccount($"user{number}"), "@alice hello");
        return (note, await _receiver.NextAsync());
    }

    private Task<bool> DeliverAsync(ReceivedHook hook, int number) => _http.DeliverAsync(new Uri($"http://127.0.0.1:{_ports[number]}/hooks/main"), hook, Token);

    private Dictionary<string, string> Environment() =>
        new(ProgramRun.EnvironmentOf(_misskey.Url, _alice.Token)) { ["MISSKEYAUTOMATIONS__STORE"] = _store };
}
