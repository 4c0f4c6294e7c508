using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// An engine that dies again and again, under load, before a server that refuses, cuts and misleads. Everything random
/// comes from one seed.
/// </summary>
internal sealed class KillHouse : IAsyncDisposable
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h, follows: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG ${note.said}
          - name: back
            on: followed
            do:
              - follow: user
        """;

    private static readonly Fault[] Faults = [Fault.ExecuteThen500, Fault.ExecuteThenReset, Fault.ResetBefore, Fault.Html502];

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private SandboxServer _misskey = null!;
    private HookReceiver _receiver = null!;
    private Account _alice = null!;
    private KillDriver _driver = null!;
    private Task _driving = Task.CompletedTask;
    private SmallDisk? _disk;
    private ChaosProxy? _proxy;
    private volatile bool _isWell;

    private KillHouse()
    {
    }

    /// <summary>Opens it.</summary>
    /// <param name="seed">Chooses the server's faults.</param>
    /// <param name="load">What the engine is to bear.</param>
    /// <param name="mebibytes">How large the disk of the engine's data is; null for the machine's own.</param>
    public static async Task<KillHouse> OpenAsync(int seed, KillLoad load, int? mebibytes = null)
    {
        var house = new KillHouse();
        house._disk = mebibytes is { } size ? await SmallDisk.MountAsync(house.Data, size) : null;
        house._folder.Write("rules/rules.yaml", Rules);
        house._misskey = await SandboxServer.StartAsync(
            new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000, JournalCapacity = 1_000_000 }, TestContext.Current.CancellationToken);
        for (var i = 0; i < Faults.Length; i++)
        {
            house._misskey.InjectAtRandom("*/create", Faults[i], load.FaultShare, seed + i);
        }

        if (load.ChaosShare > 0)
        {
            var plan = new ChaosPlan(seed) { Share = load.ChaosShare, Paths = "/api/notes/*" };
            house._proxy = ChaosProxy.Start(house._misskey.Url, (number, path) => house.Choose(plan, number, path), TimeProvider.System);
        }

        house._receiver = await HookReceiver.StartAsync();
        house._alice = house._misskey.World.AddAccount("alice");
        house._misskey.World.AddWebhook(house._alice, house._receiver.Url, House.Secret, "mention", "followed");
        house._driver = new KillDriver(house._misskey.World, house._alice, house._receiver, new Uri($"http://127.0.0.1:{house._port}/hooks/main"), load.Mentions);
        house._driving = house._driver.DriveAsync(house._ending.Token);
        return house;
    }

    /// <summary>The engine's data.</summary>
    public string Data => _folder["data"];

    /// <summary>The disk of the engine's data, where it has one of its own.</summary>
    public SmallDisk Disk => _disk!;

    /// <summary>The door.</summary>
    public int Port => _port;

    /// <summary>Starts the engine; it is the caller's, who ends it, too.</summary>
    /// <param name="files">How many files it may have open; null for as many as the system lets it.</param>
    /// <returns>The engine, once it takes webhooks.</returns>
    public async Task<ProgramRun> StartAsync(int? files = null)
    {
        var engine = Start(files is { } few ? (folder, environment, arguments) => ProgramRun.StartWithFiles(few, folder, environment, arguments) : ProgramRun.Start);
        await Eventually.HoldsAsync(() => engine.HasExited || _driver.AcknowledgedSinceLast(), "it takes webhooks");
        Assert.False(engine.HasExited, $"It ended: {engine.Error}{engine.Output}");
        return engine;
    }

    /// <summary>Waits until a webhook is taken that comes from now on, or the engine has ended.</summary>
    public async Task TakesAgainAsync(ProgramRun engine, TimeSpan within)
    {
        _driver.ForgetLast();
        await Eventually.HoldsAsync(() => engine.HasExited || _driver.AcknowledgedSinceLast(), "webhooks are taken again", within);
    }

    /// <summary>Whether none is taken that comes within some time.</summary>
    public async Task<bool> TakesNoneAsync(TimeSpan within)
    {
        _driver.ForgetLast();
        await Task.Delay(within, TimeProvider.System, TestContext.Current.CancellationToken);
        return !_driver.AcknowledgedSinceLast();
    }

    /// <summary>Kills the process some time after it has begun to take webhooks.</summary>
    public async Task KillAfterAsync(TimeSpan time)
    {
        await using var engine = Start(ProgramRun.Start);
        await Eventually.HoldsAsync(() => engine.HasExited || _driver.AcknowledgedSinceLast() || _driving.IsCompleted, "it takes webhooks again");
        Assert.False(engine.HasExited, $"It ended: {engine.Error}{engine.Output}");
        await Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);
        await engine.KillAsync();
        _driver.ForgetLast();
    }

    /// <summary>Lets the process die where it passes a kill point for the n-th time.</summary>
    public async Task DieAtAsync(string point, int time)
    {
        await using var engine = Start(ProgramRun.StartKillPoints, $"{point}:{time}");
        Assert.Equal(137, await engine.ExitCodeAsync());
        _driver.ForgetLast();
    }

    /// <summary>How many notes the account has made.</summary>
    public int Notes => _misskey.World.NotesOf(_alice).Count;

    /// <summary>How many calls the server got, by endpoint.</summary>
    public IEnumerable<(string Endpoint, int Count)> Calls => _misskey.World.Calls.CountBy(call => call.Endpoint).Select(count => (count.Key, count.Value)).OrderBy(count => count.Key, StringComparer.Ordinal);

    /// <summary>How many calls to make a note went through the proxy, and how many of them went wrong there.</summary>
    public (int All, int Wrong) Chaos
    {
        get
        {
            var creations = (_proxy?.Exchanges ?? []).Where(exchange => exchange.Path == "/api/notes/create").ToList();
            return (creations.Count, creations.Count(exchange => exchange.Trouble is not null));
        }
    }

    /// <summary>Starts it once more, before a server that is well again, and looks at what there is when all is over.</summary>
    /// <returns>What happened, in figures.</returns>
    public async Task<string> EndAsync()
    {
        await using var last = Start(ProgramRun.Start);
        await _driver.EndAsync(_driving);
        _misskey.ClearFaults();
        _isWell = true;
        var ledger = new Ledger(_folder["data"]);
        await Eventually.HoldsAsync(() => ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided");
        await Eventually.HoldsAsync(() => ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over");
        await last.TerminateAsync();
        Assert.Equal(0, await last.ExitCodeAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("ok", ledger.CheckIntegrity());
        return _driver.Check(ledger);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _driving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _driver.Dispose();
        await _receiver.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _misskey.DisposeAsync();
        _ending.Dispose();
        await (_disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    // Whoever asks for patience says that nothing was done: that leaves no doubt.
    private Trouble? Choose(ChaosPlan plan, int number, string path) =>
        !_isWell && plan.Choose(number, path) is { } trouble and not Trouble.Instead { Answer.Status: 429 } ? trouble : null;

    private ProgramRun Start(Func<string, IReadOnlyDictionary<string, string>?, IEnumerable<string>, ProgramRun> program, string? killAt = null)
    {
        var environment = ProgramRun.EnvironmentOf(_proxy?.Url ?? _misskey.Url, _alice.Token);
        environment["MISSKEYAUTOMATIONS__SETTLE"] = "6s";
        if (killAt is not null)
        {
            environment["MKA_KILL_AT"] = killAt;
        }

        return program(_folder.Path, environment, ["run", "--urls", $"http://127.0.0.1:{_port}"]);
    }
}
