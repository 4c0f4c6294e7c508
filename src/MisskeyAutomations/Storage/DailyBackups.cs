namespace MisskeyAutomations.Storage;

/// <summary>Makes a backup each day. One that fails is told in the log, and tried again each hour until it is there.</summary>
internal sealed partial class DailyBackups(StoreOptionsOfBackups options, TimeProvider time, ILogger<DailyBackups> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(UntilNext(time.GetLocalNow(), options.Backups.Hour), time, stoppingToken);
            while (!await Task.Run(Make, stoppingToken))
            {
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }

    /// <summary>How long it is until this hour of the day comes.</summary>
    internal static TimeSpan UntilNext(DateTimeOffset now, int hour)
    {
        var today = now.Date.AddHours(hour);
        return (today > now.DateTime ? today : today.AddDays(1)) - now.DateTime;
    }

    private bool Make()
    {
        try
        {
            var file = Backups.MakeIn(options.Backups.Directory, options.DatabasePath, options.Backups.Keep, time.GetUtcNow());
            LogMade(file);
            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LogFailed(trouble.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 2142, Level = LogLevel.Information, Message = "A backup was made: {File}")]
    private partial void LogMade(string file);

    [LoggerMessage(EventId = 2143, Level = LogLevel.Error, Message = "The backup of the day was not made and is tried again in an hour: {Because}")]
    private partial void LogFailed(string because);
}

/// <summary>What is copied, and where to.</summary>
internal sealed record StoreOptionsOfBackups(string DatabasePath, BackupOptions Backups);
