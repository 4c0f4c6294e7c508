using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.Scheduling;

/// <summary>
/// A clock that jumps, sleeps and is put back at random, before many schedules: each time is told once or left out, as a simple model of the rules
/// says. <c>MKA_SCRIPTS</c> says how many clocks, <c>MKA_SCHEDULES</c> how many schedules, <c>MKA_SEED</c> repeats a run.
/// </summary>
public sealed class CronModelTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task Each_time_is_told_once_or_left_out_however_the_clock_jumps()
    {
        var (scripts, schedules, seed) = (Numbers.Of("MKA_SCRIPTS") ?? 10, Numbers.Of("MKA_SCHEDULES") ?? 100, Numbers.Of("MKA_SEED") ?? Random.Shared.Next());
        output.WriteLine($"MKA_SCRIPTS={scripts} MKA_SCHEDULES={schedules} MKA_SEED={seed}");
        var random = new Random(seed);
        var all = Enumerable.Range(0, schedules).Select(number => Schedule.Some(number, random)).ToList();
        var versions = Rules(all);
        var (looks, told) = (0, 0);
        for (var script = 0; script < scripts; script++)
        {
            var (time, inbox, model) = (new SetTime(Start), new ToldTimes(), new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal));
            var clock = Clock(inbox, versions, time);
            for (var look = 0; look < 40; look++, looks++)
            {
                await clock.LookAsync(TestContext.Current.CancellationToken);
                var expected = all.SelectMany(schedule => Expected(schedule, model, time.Now)).Where(inbox.IsNew).Order(StringComparer.Ordinal).ToList();
                Assert.Equal(expected, inbox.TakeNew().Order(StringComparer.Ordinal));
                told += expected.Count;

                // Now and then the process is started anew, and knows only what is on disk.
                clock = random.Next(10) == 0 ? Clock(inbox, versions, time) : clock;
                time.Now += Jump(random);
            }
        }

        output.WriteLine($"{looks} looks at {schedules} schedules: {told} times told, 0 twice, 0 missing");
    }

    // Mostly the minute between two looks.
    private static TimeSpan Jump(Random random) => random.Next(12) switch
    {
        0 => TimeSpan.FromHours(-2),
        1 => TimeSpan.FromDays(3),
        2 => TimeSpan.FromSeconds(random.Next(-600, 600)),
        3 => TimeSpan.FromHours(random.NextDouble() * 80),
        4 => TimeSpan.FromHours(random.NextDouble() * -80),
        _ => TimeSpan.FromSeconds(60),
    };

    // What was not seen for 2 min was missed: it is left out, or its last time made up for unless a later one is told at the same look.
    private static IEnumerable<string> Expected(Schedule schedule, Dictionary<string, DateTimeOffset> marks, DateTimeOffset now)
    {
        var settled = marks.TryGetValue(schedule.Name, out var mark) && mark <= now.AddDays(1) ? mark : now;
        var punctual = settled > now - Tolerance ? settled : now - Tolerance;
        var told = schedule.Between(punctual, now).ToList();
        var missed = schedule.Between(settled, punctual).Select(static time => (DateTimeOffset?)time).LastOrDefault();
        if (missed is { } last && schedule.MakesUp && told.Count == 0)
        {
            told.Add(last);
        }

        marks[schedule.Name] = told.Append(missed ?? settled).Append(settled).Max();
        return told.Select(schedule.IdOf);
    }

    private static CronClock Clock(ToldTimes inbox, RuleVersions versions, SetTime time)
    {
        var account = new Account { Name = "main", Server = new Uri("http://127.0.0.1:1"), Token = new Secret("token"), HookSecrets = [new Secret("secret-0123456789")] };
        return new(inbox, versions, new AccountDirectory([account]), NullLogger<CronClock>.Instance, time);
    }

    private static RuleVersions Rules(IEnumerable<Schedule> schedules)
    {
        var text = new StringBuilder("rules:\n");
        foreach (var schedule in schedules)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - name: {schedule.Name}\n    on: {{ cron: \"{schedule.Expression}\", timezone: UTC{(schedule.MakesUp ? ", missed: once" : "")} }}\n    do:\n      - log: hello\n");
        }

        var reading = RuleReader.Read([new SourceText("rules.yaml", text.ToString())], ActionTable.Descriptors);
        Assert.True(reading.RuleSet is not null, DiagnosticText.Render(reading.Diagnostics));
        var versions = new RuleVersions(new MemoryRunStore(TimeProvider.System), ActionTable.Descriptors);
        versions.Swap(reading.RuleSet);
        return versions;
    }

    /// <summary>A time of each day, of each hour, or every so many minutes, reckoned without anything of the product.</summary>
    private sealed record Schedule(string Name, string Expression, TimeSpan First, TimeSpan Every, bool MakesUp)
    {
        public static Schedule Some(int number, Random random)
        {
            var (minute, hour) = (random.Next(60), random.Next(24));
            var step = new[] { 5, 10, 15, 20, 30 }[random.Next(5)];
            return (number % 10) switch
            {
                0 => new($"r{number}", $"*/{step} * * * *", TimeSpan.Zero, TimeSpan.FromMinutes(step), random.Next(2) == 0),
                < 4 => new($"r{number}", $"{minute} * * * *", TimeSpan.FromMinutes(minute), TimeSpan.FromHours(1), random.Next(2) == 0),
                _ => new($"r{number}", $"{minute} {hour} * * *", new TimeSpan(hour, minute, 0), TimeSpan.FromDays(1), random.Next(2) == 0),
            };
        }

        public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until)
        {
            var day = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero) + First;
            var next = day + (Every * (Math.Floor((after - day) / Every) + 1));
            for (; next <= until; next += Every)
            {
                yield return next;
            }
        }

        public string IdOf(DateTimeOffset time) => CronEvents.IdOf(Name, time);
    }

    private sealed class SetTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>The inbox as far as the clock sees it.</summary>
    private sealed class ToldTimes : IInbox
    {
        private readonly HashSet<string> _all = new(StringComparer.Ordinal);
        private readonly List<string> _new = [];
        private IReadOnlyList<CronMark> _marks = [];

        public bool IsNew(string id) => !_all.Contains(id) || _new.Contains(id);

        public IReadOnlyList<string> TakeNew()
        {
            IReadOnlyList<string> taken = [.. _new];
            _new.Clear();
            return taken;
        }

        public Task<bool> AddAsync(NewDelivery delivery, CancellationToken cancellationToken)
        {
            var isNew = _all.Add(delivery.EventId);
            if (isNew)
            {
                _new.Add(delivery.EventId);
            }

            return Task.FromResult(isNew);
        }

        public Task<IReadOnlyList<CronMark>> ListCronMarksAsync(CancellationToken cancellationToken) => Task.FromResult(_marks);

        public Task SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken)
        {
            _marks = marks;
            return Task.CompletedTask;
        }

        public Task<bool> IsFirstAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Delivery>> TakeAsync(long afterId, int max, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindThreadAsync(string account, JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Run>> FindAnsweredAsync(string account, JsonElement note, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Decided> CompleteAsync(Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FollowerMark?> FindFollowerMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Follower>> ListFollowersAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CatchUpMark?> FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CaughtUp> CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
