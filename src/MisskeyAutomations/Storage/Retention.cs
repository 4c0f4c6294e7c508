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

    private readonly Walk _bodies = new(
        "select b.delivery, d.received_at, length(b.body) from bodies b cross join deliveries d where d.id = b.delivery and b.delivery > ? order by b.delivery limit ?", BodiesAtOnce, OldEvents.DropBodies);

    private readonly Walk _privateBodies = new(
        """
        select p.delivery, d.received_at, coalesce(length(b.body), 0) from private_deliveries p cross join deliveries d left join bodies b on b.delivery = p.delivery
        where d.id = p.delivery and p.delivery > ? order by p.delivery limit ?
        """,
        BodiesAtOnce,
        OldEvents.DropPrivateBodies);

    private readonly Walk _events = new(
        "select d.id, d.received_at, coalesce(length(b.body), 0) from deliveries d left join bodies b on b.delivery = d.id where d.id > ? order by d.id limit ?", EventsAtOnce, OldEvents.Drop);

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

        var privates = await WalkAsync(_privateBodies, now, now - (kept.PrivateBodies ?? kept.Bodies), rest, cancellationToken);
        var bodies = await WalkAsync(_bodies, now, now - kept.Bodies, rest, cancellationToken);
        var events = await WalkAsync(_events, now, now - kept.Records, rest, cancellationToken);
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

    private async Task<int> WalkAsync(Walk walk, DateTimeOffset now, DateTimeOffset until, Func<Task> rest, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var page = await store.Writer.RunAsync(db => store.Writer.IsClockSettled ? walk.Drop(db, now, until) : new Page(0, walk.After, IsAtEnd: true), cancellationToken);
            total += page.Dropped;
            walk.After = page.Last;
            if (page.IsAtEnd)
            {
                return total;
            }

            await rest();
        }
    }

    [LoggerMessage(EventId = 2140, Level = LogLevel.Information, Message = "What was kept long enough was dropped: the bodies of {Bodies} events and all about {Events}")]
    private partial void LogDropped(int bodies, int events);

    [LoggerMessage(EventId = 2141, Level = LogLevel.Warning, Message = "Dropping what was kept long enough was put off")]
    private partial void LogPutOff(Exception error);

    /// <summary>A walk through what is kept, by the numbers of deliveries.</summary>
    /// <param name="find">Finds numbers after one, each with the time of arrival and the length of the body; so many at most.</param>
    /// <param name="size">How many are looked at at once.</param>
    /// <param name="drop">Drops what can be dropped up to a number and a time. How many.</param>
    private sealed class Walk(string find, int size, Func<WriterConnection, long, long, DateTimeOffset, int> drop)
    {
        /// <summary>How far it has come.</summary>
        public long After { get; set; }

        /// <summary>
        /// Drops a page: up to the first that is to be kept by its time, or to as many bytes as may be dropped at once. What came by a clock that stood in
        /// the future holds nothing up.
        /// </summary>
        public Page Drop(WriterConnection db, DateTimeOffset now, DateTimeOffset until)
        {
            var old = db.Sql(find).Bind(After).Bind(size).All(static row => (Number: row.Long(0), At: row.Time(1), Length: row.Long(2)))
                .TakeWhile(row => row.At <= until || row.At > now).ToList();
            var page = old.Fitting(row => row.Length, BodyBytes.Dropped).ToList();
            var last = page.Count == 0 ? After : page[^1].Number;
            return new(drop(db, After, last, until), last, page.Count == old.Count && old.Count < size);
        }
    }

    private sealed record Page(int Dropped, long Last, bool IsAtEnd);
}
