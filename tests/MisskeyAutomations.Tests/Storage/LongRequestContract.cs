using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A request that takes longer than the lease of its run: a server that is at work for minutes, a large file.</summary>
public abstract class LongRequestContract : IDisposable
{
    private const int Behind = 10;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(30);

    private readonly DurableUnderTest _store;
    private readonly WatchedClock _clock;
    private readonly TempDirectory _directory = new();
    private readonly Holds _holds;
    private readonly Store _another;

    private protected LongRequestContract(Func<DurableUnderTest> open)
    {
        _store = open();
        _clock = new WatchedClock(_store.Now);
        _holds = new Holds(_clock);

        // On the embedded store it is the same process that looks for what is due, ever again.
        _another = _store.Store.IsShared
            ? Store.Open(new() { DataDirectory = _directory.Path, Postgres = _store.Options.Postgres, UsesDatabaseClock = false }, _store.Time) : _store.Store;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (_store.Store.IsShared)
        {
            _another.Dispose();
        }

        _store.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nobody_takes_the_run_over_meanwhile_and_sends_it_as_well()
    {
        var server = new SlowServer();
        var working = await BeginAsync(server);
        var others = new StoredRuns(_another, new AccountDirectory([]));

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(5); passed += Step)
        {
            await Eventually.HoldsAsync(() => _clock.IsWaitedFor(TimeSpan.FromSeconds(30)), "the lease was renewed, and is to be again");
            _store.Time.Advance(Step);
            _clock.Advance(Step);
            Assert.Empty(await others.ClaimDueAsync(10, [], Token));
            if (_another.IsShared)
            {
                Assert.Empty(await _another.Writer.RunAsync(db => Nodes.Beat(db, _another.Lease, _store.Now), Token));
            }
        }

        server.Answer.SetResult(new ActionOutcome.Done());
        await working;
        Assert.Equal(1, server.Requests);
        Assert.Empty(await others.ClaimDueAsync(10, [], Token));
        Assert.Equal((long)RunState.Succeeded, _store.Store.Readers.Read(connection => connection.ExecuteScalar<long>("select state from runs")));
    }

    [Fact]
    public async Task What_waits_behind_it_is_not_claimed_again_however_long_and_nothing_is_said_of_it()
    {
        const int Many = 300;
        var server = new SlowServer();
        var log = new KeptLog();
        var (executor, hash) = Executor(server);
        var leased = new LeasedRuns();
        for (var i = 0; i < Many; i++)
        {
            leased.Add(await DecideAsync(hash));
        }

        using var pump = new RunPump(_store.Runs, _store.Inbox, leased, executor, new Logger<RunPump>(new LoggerFactory([log])), _clock);
        await pump.StartAsync(Token);
        var others = new StoredRuns(_another, new AccountDirectory([]));
        await Eventually.HoldsAsync(() => server.Requests == LeasedRuns.RuleShare, "as many are sent as may be at once");

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(5); passed += Renewal)
        {
            await Eventually.HoldsAsync(() => _clock.Waits(Renewal) == LeasedRuns.RuleShare + 1, "what is on its way is watched, and what waits as well");
            _store.Time.Advance(Renewal);
            _clock.Advance(Renewal);
            await Eventually.HoldsAsync(() => EarliestEnd() == _store.Now + TimeSpan.FromSeconds(120), "every lease was renewed");
            Assert.Empty(await others.ClaimDueAsync(Many, [], Token));
        }

        server.Answer.SetResult(new ActionOutcome.Done());
        await Eventually.HoldsAsync(() => Count("state = 4") == Many, "all are done");
        await pump.StopAsync(Token);
        Assert.Equal((Many, Many), (server.Requests, Count("epoch = 1")));
        Assert.DoesNotContain(log.Lines, line => line.Contains("taken over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_hand_is_not_claimed_again_after_a_standstill()
    {
        var server = new SlowServer();
        var (executor, hash) = Executor(server);
        var leased = new LeasedRuns();
        leased.Add(await DecideAsync(hash));
        using var pump = new RunPump(_store.Runs, _store.Inbox, leased, executor, NullLogger<RunPump>.Instance, _clock);
        _store.Time.Advance(TimeSpan.FromMinutes(5));

        await pump.ClaimDueAsync(Token);

        Assert.Equal(1, Count("epoch = 1"));
        Assert.Single(leased.InHand);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_became_late_behind_it_is_dropped(bool isLeftBehind)
    {
        var server = new SlowServer();
        var (executor, hash) = Executor(server, "\n    late: 1m");
        var leased = await FillAsync(hash, isLeftBehind);
        using var pump = new RunPump(_store.Runs, _store.Inbox, leased, executor, NullLogger<RunPump>.Instance, _clock);
        await pump.StartAsync(Token);
        await Eventually.HoldsAsync(() => server.Requests == LeasedRuns.RuleShare, "as many are sent as may be at once");

        _store.Time.Advance(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2));
        server.Answer.SetResult(new ActionOutcome.Done());
        await pump.ClaimDueAsync(Token);
        await Eventually.HoldsAsync(() => Count("state in (4, 5)") == LeasedRuns.RuleShare + Behind, "all have ended");

        Assert.Equal((LeasedRuns.RuleShare, Behind), (server.Requests, Count("state = 5 and gate = 'late'")));
        await pump.StopAsync(Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Panic_holds_what_waits_behind_it(bool isLeftBehind)
    {
        var server = new SlowServer();
        var (executor, hash) = Executor(server);
        var leased = await FillAsync(hash, isLeftBehind);
        using var pump = new RunPump(_store.Runs, _store.Inbox, leased, executor, NullLogger<RunPump>.Instance, _clock);
        await pump.StartAsync(Token);
        await Eventually.HoldsAsync(() => server.Requests == LeasedRuns.RuleShare, "as many are sent as may be at once");

        _holds.Panic = true;
        server.Answer.SetResult(new ActionOutcome.Done());
        await pump.ClaimDueAsync(Token);
        await Eventually.HoldsAsync(() => Count("state in (1, 4)") == LeasedRuns.RuleShare + Behind, "all have ended or wait");

        Assert.Equal((LeasedRuns.RuleShare, Behind), (server.Requests, Count($"state = 1 and waits_for = {(int)WaitReason.Hold}")));
        await pump.StopAsync(Token);
    }

    // As many as are worked on at once, and some more: in hand, or left in the store.
    private async Task<LeasedRuns> FillAsync(string hash, bool isLeftBehind)
    {
        var leased = new LeasedRuns();
        for (var i = 0; i < LeasedRuns.RuleShare + Behind; i++)
        {
            var run = await DecideAsync(hash, isLeftFree: isLeftBehind && i >= LeasedRuns.RuleShare);
            if (run.State == RunState.Running)
            {
                leased.Add(run);
            }
        }

        return leased;
    }

    private DateTimeOffset EarliestEnd() => DateTimeOffset.FromUnixTimeMilliseconds(
        _store.Store.Readers.Read(connection => connection.ExecuteScalar<long>("select min(wake_at) from runs")));

    private int Count(string condition) => _store.Store.Readers.Read(connection => connection.ExecuteScalar<int>($"select count(*) from runs where {condition}"));

    private async Task<Task> BeginAsync(SlowServer server)
    {
        var (executor, hash) = Executor(server);
        return executor.ExecuteAsync(await DecideAsync(hash), Token);
    }

    private (RunExecutor Executor, string Hash) Executor(SlowServer server, string more = "")
    {
        var versions = new RuleVersions(_store.Runs, [server.Descriptor]);
        var set = RuleReader.Read([new SourceText("rules.yaml", $"rules:\n  - name: pong\n    on: mention{more}\n    do:\n      - reply: PONG!\n")], [server.Descriptor]).RuleSet!;
        versions.Swap(set);
        var questions = new Questions(new NobodyToAsk(), _clock);
        var sender = new StepSender(
            _store.Runs, questions, versions, new Dictionary<string, IAction>(StringComparer.Ordinal) { ["reply"] = server }, _ => new ActionDefaults(), _holds,
            new Reconciler(_store.Runs, LookTimes.Default, _clock), new LiveFeed(), _clock);
        return (new RunExecutor(_store.Runs, new NobodyToAsk(), versions, questions, sender, new LiveFeed(), _clock), set.Find("pong")!.Hash);
    }

    private async Task<Run> DecideAsync(string hash, bool isLeftFree = false)
    {
        var planned = _store.Plan("pong");
        var delivery = await _store.ArriveAsync(body: $$"""
            { "hookId": "hook1", "userId": "me", "eventId": "e", "type": "mention", "createdAt": {{_store.Now.ToUnixTimeMilliseconds()}}, "body": { "note": { "id": "n1", "text": "hi", "visibility": "public" } } }
            """);
        var decided = await _store.Inbox.CompleteAsync(_store.DecisionOf(delivery, runs: planned with { Run = planned.Run with { RuleHash = hash } }) with { LeavesRunsFree = isLeftFree }, Token);
        return decided.Runs.Single();
    }

    private sealed class SlowServer : IAction
    {
        private int _requests;

        public ActionDescriptor Descriptor => ReplyAction.Row;

        public TaskCompletionSource<ActionOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Requests => _requests;

        public Preparation Prepare(ActionInput input) =>
            new Preparation.Ready(new Intent { Action = "reply", Endpoint = "notes/create", Body = """{"text":"PONG!","replyId":"n1"}""", Summary = "reply" });

        public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return Answer.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class NobodyToAsk : ILookups, IAlarm
    {
        public Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task ArmAsync(long runId, DateTimeOffset dueAt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteLongRequestTests() : LongRequestContract(() => new SqliteUnderTest());

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresLongRequestTests() : LongRequestContract(() => new PostgresUnderTest());
