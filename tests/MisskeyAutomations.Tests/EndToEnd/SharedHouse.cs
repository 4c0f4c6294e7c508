using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A Misskey with one account, and several engines that serve it on one database, each a process with a door and a data directory of its own.</summary>
internal sealed class SharedHouse : IAsyncDisposable
{
    // What a dead engine may have been sending is taken up 120 s after, and looked for.
    private static readonly TimeSpan Takeover = TimeSpan.FromMinutes(5);

    // On a busy machine a thousand notes take their time.
    private static readonly TimeSpan PerNote = TimeSpan.FromMilliseconds(200);

    /// <summary>The variable that names the database.</summary>
    public const string StoreVariable = "MISSKEYAUTOMATIONS__STORE";

    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    private readonly TemporaryFolder[] _folders;
    private readonly int[] _ports;
    private readonly string?[] _stores;
    private readonly Dictionary<string, string>?[] _environments;
    private readonly HttpClient _http = new();
    private readonly SandboxServer _misskey;
    private readonly HookReceiver _receiver;
    private int _mentions;

    private SharedHouse(string store, int engines, SandboxServer misskey, HookReceiver receiver)
    {
        _folders = [.. Enumerable.Range(0, engines).Select(_ => new TemporaryFolder())];
        _ports = [.. _folders.Select(_ => FreePort.Find())];
        (_stores, _environments) = (new string?[engines], new Dictionary<string, string>?[engines]);
        (_misskey, _receiver) = (misskey, receiver);
        Owner = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(Owner, receiver.Url, House.Secret, "mention");
        Environment = new(ProgramRun.EnvironmentOf(misskey.Url, Owner.Token)) { [StoreVariable] = store };
        foreach (var folder in _folders)
        {
            folder.Write("rules/rules.yaml", Rules);
        }
    }

    /// <summary>What an engine or a command is started with, to be added to.</summary>
    public Dictionary<string, string> Environment { get; }

    public SandboxWorld World => _misskey.World;

    /// <summary>The account that both act for.</summary>
    public Account Owner { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="store">The connection string of the database.</param>
    /// <param name="engines">How many engines it may have.</param>
    public static async Task<SharedHouse> OpenAsync(string store, int engines = 2) => new(
        store, engines, await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 10_000 }, Token), await HookReceiver.StartAsync());

    /// <summary>Another way for one of the engines to the database.</summary>
    public void Reach(int engine, string store) => _stores[engine] = store;

    /// <summary>What one of the engines alone is started with, besides.</summary>
    public void Surround(int engine, Dictionary<string, string> environment) => _environments[engine] = environment;

    /// <summary>The folder in which an engine works.</summary>
    public TemporaryFolder Folder(int engine) => _folders[engine];

    public ProgramRun Run(int engine) => ProgramRun.Start(_folders[engine].Path, EnvironmentOf(engine), "run", "--urls", $"http://127.0.0.1:{_ports[engine]}");

    public async Task<ProgramRun> StartAsync(int engine)
    {
        var run = Run(engine);
        await run.StartedAsync();
        return run;
    }

    /// <summary>The address of Misskey.</summary>
    public string Server => _misskey.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Gives a command in the folder of an engine, with a line of input where it asks for one; it must succeed.</summary>
    public async Task OrderAsync(int engine, string? input, params string[] arguments)
    {
        await using var run = ProgramRun.Start(_folders[engine].Path, EnvironmentOf(engine), arguments);
        if (input is not null)
        {
            await run.InputAsync(input + "\n");
        }

        Assert.True(await run.ExitCodeAsync() == 0, run.Output + run.Error);
    }

    /// <summary>Somebody mentions the account; the webhook is yet to be delivered.</summary>
    public async Task<(Note Note, ReceivedHook Hook)> MentionAsync(string text = "hello")
    {
        var note = _misskey.World.Post(_misskey.World.AddAccount($"user{Interlocked.Increment(ref _mentions)}"), $"@alice {text}");
        return (note, await _receiver.NextAsync());
    }

    /// <summary>Whether an engine took the webhook.</summary>
    public Task<bool> DeliverAsync(ReceivedHook hook, int engine) => _http.DeliverAsync(new Uri($"http://127.0.0.1:{_ports[engine]}/hooks/main"), hook, Token);

    /// <summary>All are answered, and each once.</summary>
    public async Task AnsweredOnceAsync(params IReadOnlyCollection<Note> notes)
    {
        await Eventually.HoldsAsync(() => notes.All(note => _misskey.World.RepliesTo(note).Count > 0), "all are answered", Takeover + (notes.Count * PerNote));
        Assert.All(notes, note => Assert.Single(_misskey.World.RepliesTo(note)));
    }

    /// <summary>Whether it is answered already.</summary>
    public bool IsAnswered(Note note) => _misskey.World.RepliesTo(note).Count > 0;

    private Dictionary<string, string> EnvironmentOf(int engine)
    {
        var environment = new Dictionary<string, string>([.. Environment.Where(pair => _environments[engine]?.ContainsKey(pair.Key) != true), .. _environments[engine] ?? []]);
        if (_stores[engine] is { } store)
        {
            environment[StoreVariable] = store;
        }

        return environment;
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
}
