using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// How many runs a second the store carries from delivery to end, when so many are at work at once: a delivery is added and decided with
/// one run, its step is intended with two tokens and a limit, and both are saved as done. Four changes, each on disk before the next.
/// </summary>
internal static class RunsLoad
{
    private static long LastDecided;

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("automations-load-").FullName;
        try
        {
            using var store = Store.Open(new StoreOptions { DataDirectory = directory }, TimeProvider.System, NullLoggerFactory.Instance);
            var inbox = new StoredInbox(store, new StoreHealth(store, TimeProvider.System), TimeProvider.System);
            var runs = new StoredRuns(store, new MisskeyAutomations.Accounts.AccountDirectory([]));
            for (var round = 1; round <= options.Rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                var length = TimeSpan.FromSeconds(options.Seconds);
                var done = await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(_ => Task.Run(() => WorkAsync(inbox, runs, started, length))));
                var perSecond = done.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {perSecond:0} runs/s with {options.Connections} at once"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<long> WorkAsync(StoredInbox inbox, StoredRuns runs, long started, TimeSpan length)
    {
        var count = 0L;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            var run = await BeginAsync(inbox);
            var step = new Step
            {
                Path = "do[0]",
                Kind = "reply",
                State = StepState.Intended,
                Intent = new Intent { Action = "reply", Endpoint = "notes/create", Body = """{"text":"@bob PONG!","replyId":"atxocodnnxg80040","visibility":"home"}""", Budget = "notes", Summary = "reply to @bob" },
                At = TimeProvider.System.GetUtcNow(),
            };
            BudgetClaim[] claims = [new("notes", 1_000_000, TimeSpan.FromHours(1), SkipWhenEmpty: false), new($"replies:user:{run.Id}", 5, TimeSpan.FromMinutes(10), SkipWhenEmpty: true)];
            await runs.SaveIntentAsync(run.With(step), step, claims, CancellationToken.None);
            var done = step with { State = StepState.Done, HadEffect = true, Answer = $$"""{"id":"{{run.Id}}"}""" };
            await runs.SaveAsync(run.With(done).End(RunState.Succeeded), [done], CancellationToken.None);
            count++;
        }

        return count;
    }

    private static async Task<Run> BeginAsync(StoredInbox inbox)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.NewGuid().ToString();
        await inbox.AddAsync(new NewDelivery("alice", "hook", id, "webhook", now, Encoding.UTF8.GetBytes(new string(' ', 1_500) + "{}"), Scrubbed: false) { CreatedAt = now.ToUnixTimeMilliseconds() }, CancellationToken.None);
        return await DecideAsync(inbox, id, now);
    }

    private static async Task<Run> DecideAsync(StoredInbox inbox, string id, DateTimeOffset now)
    {
        // Deliveries are numbered from 1, and as many are on disk as were counted here: whose it is does not matter.
        var delivery = Interlocked.Increment(ref LastDecided);
        var run = new Run
        {
            Account = "alice",
            DeliveryId = delivery,
            Subject = $"note:{id}",
            RuleName = "greet",
            RuleHash = "0123456789abcdef",
            State = RunState.Ready,
            EventAt = now,
            CreatedAt = now,
        };
        var decided = await inbox.CompleteAsync(
            new Decision
            {
                DeliveryId = delivery,
                Account = "alice",
                HookId = "hook",
                State = DeliveryState.Planned,
                Type = "mention",
                Subject = new Subject(run.Subject, Recurs: false),
                EventAt = now,
                Verdicts = [new Verdict("greet", null)],
                Runs = [new PlannedRun(run, "rule text", [new LimitClaim($"user:{id}", 3, now.AddDays(-1), "3 per user per day")])],
            },
            CancellationToken.None);
        return decided.Runs.Single();
    }
}
