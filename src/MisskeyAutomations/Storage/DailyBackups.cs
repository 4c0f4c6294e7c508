namespace MisskeyAutomations.Storage;

/// <summary>
/// Makes a backup each day: at its hour, or once the engine runs again when it did not run then. One that fails is told in the log, and tried again
/// each hour until it is there.
/// </summary>
internal sealed partial class DailyBackups(StoreOptionsOfBackups options, TimeProvider time, ILogger<DailyBackups> logger) : BackgroundService
{
    // It is also looked this often whether one is due, since the clock may be put.
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private volatile string? _failure;
    private volatile bool _hasLooked;

    /// <summary>Why the newest one that was due is not there; null when it is.</summary>
    public string? Failure => _failure;

    /// <summary>Whether it is known since the start that the newest one is there, or why not.</summary>
    public bool HasLooked => _hasLooked;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Run(MakeIfDue, stoppingToken);
            var next = UntilNext(time.GetLocalNow(), options.Backups.Hour);
            await Task.Delay(next < Again ? next : Again, time, stoppingToken);
        }
    }

    /// <summary>Makes the one that is due, if it is not there.</summary>
    internal void MakeIfDue()
    {
        try
        {
            if (!IsThere())
            {
                var file = Backups.MakeIn(options.Backups.Directory, options.DatabasePath, options.Backups.Keep, time.GetUtcNow());
                LogMade(file);
            }

            _failure = null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            _failure = trouble.Message;
            LogFailed(trouble.Message);
        }

        _hasLooked = true;
    }

    // Compared as a wall clock shows it, so that days of 23 and 25 hours have one as well. What bears a time to come was made by a wrong clock.
    private bool IsThere()
    {
        var now = time.GetLocalNow();
        var due = now.DateTime + UntilNext(now, options.Backups.Hour) - TimeSpan.FromDays(1);
        return Backups.List(options.Backups.Directory).Select(Backups.TimeOf).Any(made =>
            made <= now && TimeZoneInfo.ConvertTime(made, time.LocalTimeZone).DateTime >= due);
    }

    /// <summary>How long it is until this hour of the day comes.</summary>
    internal static TimeSpan UntilNext(DateTimeOffset now, int hour)
    {
        var today = now.Date.AddHours(hour);
        return (today > now.DateTime ? today : today.AddDays(1)) - now.DateTime;
    }

    [LoggerMessage(EventId = 2142, Level = LogLevel.Information, Message = "A backup was made: {File}")]
    private partial void LogMade(string file);

    [LoggerMessage(EventId = 2143, Level = LogLevel.Error, Message = "The backup of the day was not made and is tried again in an hour: {Because}")]
    private partial void LogFailed(string because);
}

/// <summary>What is copied, and where to.</summary>
internal sealed record StoreOptionsOfBackups(string DatabasePath, BackupOptions Backups);
