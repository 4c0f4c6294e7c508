using Microsoft.Extensions.Options;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Drops bodies and records whose time is over, a page at a time: each page is one operation among those of others, and between two of them
/// the store rests.
/// </summary>
internal sealed partial class Retention(Store store, IOptions<StoreOptions> options, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private const int BodiesAtOnce = 500;

    // With its subject, reports, runs and steps an event is about five rows.
    private const int EventsAtOnce = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    // What a walk had to leave because a run needed it, the walk after so long finds again.
    private static readonly TimeSpan Afresh = TimeSpan.FromHours(6);

    private readonly Walk _bodies = new();
    private readonly Walk _privateBodies = new();
    private readonly Walk _events = new();
    private long _began = time.GetTimestamp();

    /// <summary>Drops all that can be dropped now.</summary>
    /// <param name="rest">Waits between two pages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many bodies and how many events.</returns>
    public async Task<(int Bodies, int Events)> DropAsync(Func<Task> rest, CancellationToken cancellationToken)
    {
        var (kept, now) = (options.Value.Retention, store.Time.GetUtcNow());
        _privateBodies.After = 0;
        if (time.GetElapsedTime(_began) >= Afresh)
        {
            (_began, _bodies.After, _events.After) = (time.GetTimestamp(), 0, 0);
        }

        var privates = await WalkAsync(_privateBodies, (db, after) => DropPrivateBodies(db, after, now - (kept.PrivateBodies ?? kept.Bodies), now), rest, cancellationToken);
        var bodies = await WalkAsync(_bodies, (db, after) => DropBodies(db, after, now - kept.Bodies, now), rest, cancellationToken);
        var events = await WalkAsync(_events, (db, after) => DropEvents(db, after, now - kept.Records, now), rest, cancellationToken);
        return (privates + bodies, events);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (bodies, events) = await DropAsync(() => Task.Delay(Rest, time, stoppingToken), stoppingToken);
                if (bodies + events > 0)
                {
                    LogDropped(bodies, events);
                }
            }
            catch (StoreUnavailableException error)
            {
                LogPutOff(error);
            }
        }
    }

    private async Task<int> WalkAsync(Walk walk, Func<WriterConnection, long, Page> drop, Func<Task> rest, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var after = walk.After;
            var page = await store.Writer.RunAsync(db => store.Writer.IsClockSettled ? drop(db, after) : new Page(0, after, IsAtEnd: true), cancellationToken);
            total += page.Dropped;
            walk.After = page.Last;
            if (page.IsAtEnd)
            {
                return total;
            }

            await rest();
        }
    }

    private static Page DropBodies(WriterConnection db, long after, DateTimeOffset until, DateTimeOffset now)
    {
        const string Find = """
            select b.delivery, d.received_at from bodies b cross join deliveries d
            where d.id = b.delivery and b.delivery > ? order by b.delivery limit ?
            """;
        var (last, isAtEnd) = Page.Measure(db.Sql(Find).Bind(after).Bind(BodiesAtOnce).All(static row => (row.Long(0), row.Time(1))), after, until, now, BodiesAtOnce);
        return new(OldEvents.DropBodies(db, after, last, until), last, isAtEnd);
    }

    private static Page DropPrivateBodies(WriterConnection db, long after, DateTimeOffset until, DateTimeOffset now)
    {
        const string Find = """
            select p.delivery, d.received_at from private_deliveries p cross join deliveries d
            where d.id = p.delivery and p.delivery > ? order by p.delivery limit ?
            """;
        var (last, isAtEnd) = Page.Measure(db.Sql(Find).Bind(after).Bind(BodiesAtOnce).All(static row => (row.Long(0), row.Time(1))), after, until, now, BodiesAtOnce);
        return new(OldEvents.DropPrivateBodies(db, after, last, until), last, isAtEnd);
    }

    private static Page DropEvents(WriterConnection db, long after, DateTimeOffset until, DateTimeOffset now)
    {
        const string Find = "select id, received_at from deliveries where id > ? order by id limit ?";
        var (last, isAtEnd) = Page.Measure(db.Sql(Find).Bind(after).Bind(EventsAtOnce).All(static row => (row.Long(0), row.Time(1))), after, until, now, EventsAtOnce);
        return new(OldEvents.Drop(db, after, last, until), last, isAtEnd);
    }

    [LoggerMessage(EventId = 2140, Level = LogLevel.Information, Message = "What was kept long enough was dropped: the bodies of {Bodies} events and all about {Events}")]
    private partial void LogDropped(int bodies, int events);

    [LoggerMessage(EventId = 2141, Level = LogLevel.Warning, Message = "Dropping what was kept long enough was put off")]
    private partial void LogPutOff(Exception error);

    private sealed class Walk
    {
        public long After { get; set; }
    }

    private sealed record Page(int Dropped, long Last, bool IsAtEnd)
    {
        /// <summary>How far a page goes: to the first that is to be kept by its time.</summary>
        public static (long Last, bool IsAtEnd) Measure(List<(long Id, DateTimeOffset At)> rows, long after, DateTimeOffset until, DateTimeOffset now, int size)
        {
            // What came by a clock that stood in the future holds nothing up.
            var old = rows.TakeWhile(row => row.At <= until || row.At > now).ToList();
            return (old.Count == 0 ? after : old[^1].Id, old.Count < size);
        }
    }
}
