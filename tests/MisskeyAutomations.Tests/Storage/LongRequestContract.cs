using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A request that takes longer than the lease of its run: a server that is at work for minutes, a large file.</summary>
public abstract class LongRequestContract : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly DurableUnderTest _store;
    private readonly WatchedClock _clock;
    private readonly TempDirectory _directory = new();
    private readonly Store _another;

    private protected LongRequestContract(Func<DurableUnderTest> open)
    {
        _store = open();
        _clock = new WatchedClock(_store.Now);

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

    private async Task<Task> BeginAsync(SlowServer server)
    {
        var versions = new RuleVersions(_store.Runs, [server.Descriptor]);
        var set = RuleReader.Read([new SourceText("rules.yaml", "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n")], [server.Descriptor]).RuleSet!;
        versions.Swap(set);
        var questions = new Questions(new NobodyToAsk(), _clock);
        var sender = new StepSender(
            _store.Runs, questions, versions, new Dictionary<string, IAction>(StringComparer.Ordinal) { ["reply"] = server }, _ => new ActionDefaults(), new Holds(_clock),
            new Reconciler(_store.Runs, LookTimes.Default, _clock), new LiveFeed(), _clock);
        var executor = new RunExecutor(_store.Runs, new NobodyToAsk(), versions, questions, sender, new LiveFeed(), _clock);

        var planned = _store.Plan("pong");
        var delivery = await _store.ArriveAsync(body: $$"""
            { "hookId": "hook1", "userId": "me", "eventId": "e", "type": "mention", "createdAt": {{_store.Now.ToUnixTimeMilliseconds()}}, "body": { "note": { "id": "n1", "text": "hi", "visibility": "public" } } }
            """);
        var decided = await _store.Inbox.CompleteAsync(_store.DecisionOf(delivery, runs: planned with { Run = planned.Run with { RuleHash = set.Find("pong")!.Hash } }), Token);
        return executor.ExecuteAsync(decided.Runs.Single(), Token);
    }

    private sealed class SlowServer : IAction
    {
        public ActionDescriptor Descriptor => ReplyAction.Row;

        public TaskCompletionSource<ActionOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Requests { get; private set; }

        public Preparation Prepare(ActionInput input) =>
            new Preparation.Ready(new Intent { Action = "reply", Endpoint = "notes/create", Body = """{"text":"PONG!","replyId":"n1"}""", Summary = "reply" });

        public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
        {
            Requests++;
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
