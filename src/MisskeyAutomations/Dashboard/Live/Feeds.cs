using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>
/// All open feeds. What they show is drawn once a second for all who look at the same; while nobody looks, nothing is done. However many there are
/// and whatever happens, drawing takes a twentieth of the time at most.
/// </summary>
internal sealed partial class Feeds(
    Painter painter, Sessions sessions, DashboardOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Feeds> logger) : BackgroundService
{
    private const int Rest = 20;
    private const int BeatsOfSilence = 15;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // Each is a connection, and pages need some, too.
    private readonly int _most = Math.Min(options.MostFeeds, OpenFiles.ThatFit().Dashboard / 2);

    private readonly Lock _gate = new();
    private readonly List<Feed> _open = [];

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Opens one; null when there are as many as may be.</summary>
    /// <param name="look">What it shows.</param>
    /// <param name="session">The session with which it ends.</param>
    public Feed? Open(Look look, string session)
    {
        lock (_gate)
        {
            if (_open.Count >= _most)
            {
                return null;
            }

            var canvas = _open.Find(other => other.Look == look)?.Canvas ?? new Canvas(look, painter);
            var feed = new Feed(look, canvas, session);
            _open.Add(feed);
            return feed;
        }
    }

    /// <summary>Takes one away that is over.</summary>
    public void Close(Feed feed)
    {
        lock (_gate)
        {
            _open.Remove(feed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server would wait for connections before it stops this.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var pause = Between;
        for (var beat = 1; !ending.IsCancellationRequested; beat++)
        {
            await Task.Delay(pause, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var begin = time.GetTimestamp();
            if (Snapshot() is { Length: > 0 } open && !ending.IsCancellationRequested)
            {
                await BeatAsync(open, isSign: beat % BeatsOfSilence == 0);
            }

            pause = time.GetElapsedTime(begin) * Rest is var rest && rest > Between ? rest : Between;
        }

        foreach (var feed in Snapshot())
        {
            feed.End();
        }
    }

    private async Task BeatAsync(Feed[] open, bool isSign)
    {
        await TryAsync(() =>
        {
            EndThoseSignedOut(open);
            return Task.CompletedTask;
        });
        foreach (var canvas in open.Where(feed => !feed.HasEnded).Select(feed => feed.Canvas).Distinct())
        {
            await TryAsync(async () =>
            {
                if (await canvas.DrawAsync() || isSign)
                {
                    canvas.Beat();
                }
            });
        }
    }

    private void EndThoseSignedOut(Feed[] open)
    {
        foreach (var feed in open.GroupBy(feed => feed.Session, StringComparer.Ordinal).Where(ofSession => !sessions.IsOpen(ofSession.Key)).SelectMany(ofSession => ofSession))
        {
            feed.End();
        }
    }

    // One row that cannot be read must not keep the others from what they look at, nor from what comes later.
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception trouble)
        {
            LogNotDrawn(trouble);
        }
    }

    private Feed[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }

    [LoggerMessage(2550, LogLevel.Warning, "What the dashboard shows live could not be drawn; it is tried again in a second")]
    private partial void LogNotDrawn(Exception trouble);
}
