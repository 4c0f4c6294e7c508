using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>Looks every few seconds what is amiss, and tells each target of what it does not know yet.</summary>
internal sealed partial class AlertPump(
    AlertOptions options, IEnumerable<TroubleWatch> watches, AlertSender sender, StoredAlerts stored, ILogger<AlertPump> logger, TimeProvider time) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly List<TargetState> _targets = [.. options.Targets.Select((target, index) => new TargetState(target, $"{index + 1} {target.Name}"))];
    private readonly SemaphoreSlim _gate = new(1);
    private AlertBook? _book;
    private bool _isKept = true;

    private string Engine => options.Engine ?? stored.Engine;

    /// <summary>Tells every target that this is a test. The targets with why they were not told, null for those that were.</summary>
    public async Task<IReadOnlyList<(string Target, Phrase? Trouble)>> TestAsync(CancellationToken cancellationToken)
    {
        var answers = new List<(string, Phrase?)>();
        foreach (var target in options.Targets)
        {
            answers.Add((target.Name, await sender.SendAsync(target, AlertMessage.Test(target.Name, options.Language, time.GetUtcNow()), cancellationToken)));
        }

        return answers;
    }

    /// <summary>Looks once and tells what is to be told.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var book = _book ??= Open();
            foreach (var watch in watches)
            {
                await LookAsync(book, watch, cancellationToken);
            }

            foreach (var target in _targets)
            {
                await TellAsync(book, target, cancellationToken);
            }

            await KeepAsync(book, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _gate.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_targets.Count == 0)
        {
            return;
        }

        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogFault(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // What was told in the hour before a restart counts.
    private AlertBook Open()
    {
        var book = new AlertBook([.. _targets.Select(target => target.Key)], stored.List(Engine));
        foreach (var target in _targets)
        {
            target.Sent.AddRange(book.Rows.Where(row => row.Target == target.Key).Select(row => row.ToldAt).OfType<DateTimeOffset>().Distinct().Order());
        }

        return book;
    }

    private async Task LookAsync(AlertBook book, TroubleWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            var sight = await watch.LookAsync(cancellationToken);
            var troubles = sight.Troubles.Select(trouble => (trouble.Subject, trouble.Text.In(options.Language))).ToList();
            _isKept &= !book.Take(watch.Kind, troubles, sight.IsUnknown, time.GetUtcNow());
        }
        catch (StoreUnavailableException)
        {
            // How things stand cannot be read now; that itself is a trouble, and another watch's.
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // One that cannot look must not keep what the others see from being told.
            LogBlind(fault, watch.Kind);
        }
    }

    private async Task TellAsync(AlertBook book, TargetState target, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // What was sent an hour hence, by a clock that has been put back since, does not count either.
        target.Sent.RemoveAll(at => (now - at).Duration() >= Hour);
        var pending = book.Pending(target.Key, now);
        if (pending.Count == 0 || target.IsPaused(time) || target.Sent.Count >= options.PerHour)
        {
            return;
        }

        if (await sender.SendAsync(target.Target, AlertMessage.Of(pending, options.Language, now), cancellationToken) is { } trouble)
        {
            var pause = TimeSpan.FromMinutes(Math.Min(30, Math.Pow(2, target.Failures++)));
            target.Pause(pause, time);
            Measures.Alerted(target.Target.Name, "failed");
            LogNotSent(target.Target.Name, pending.Count, trouble.ToString(), pause);
            return;
        }

        target.Failures = 0;
        target.Sent.Add(now);
        book.Tell(pending, now);
        _isKept = false;
        Measures.Alerted(target.Target.Name, "sent");
        LogSent(target.Target.Name, pending.Count);
    }

    // While the store cannot be written, the book is kept in memory alone.
    private async Task KeepAsync(AlertBook book, CancellationToken cancellationToken)
    {
        if (_isKept)
        {
            return;
        }

        try
        {
            await stored.ReplaceAsync(Engine, book.Rows, cancellationToken);
            _isKept = true;
        }
        catch (StoreUnavailableException trouble)
        {
            LogNotKept(trouble);
        }
    }

    [LoggerMessage(2190, LogLevel.Error, "The look at what is amiss failed; the next one is in 15 s")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(2191, LogLevel.Warning, "{Target} could not be told what is amiss ({Count}); it is tried again after {Pause}: {Reason}")]
    private partial void LogNotSent(string target, int count, string reason, TimeSpan pause);

    [LoggerMessage(2192, LogLevel.Information, "{Target} was told what is amiss or over ({Count})")]
    private partial void LogSent(string target, int count);

    [LoggerMessage(2193, LogLevel.Debug, "What was told could not be stored; it is tried again in 15 s")]
    private partial void LogNotKept(Exception trouble);

    [LoggerMessage(2194, LogLevel.Error, "Whether anything is amiss of the kind {Kind} could not be looked at; the next look is in 15 s")]
    private partial void LogBlind(Exception fault, string kind);

    /// <summary>How it stands with a target.</summary>
    private sealed class TargetState(AlertTarget target, string key)
    {
        private (long Since, TimeSpan Length)? _pause;

        public AlertTarget Target => target;

        /// <summary>Under which it is stored.</summary>
        public string Key => key;

        public List<DateTimeOffset> Sent { get; } = [];

        public int Failures { get; set; }

        public void Pause(TimeSpan length, TimeProvider time) => _pause = (time.GetTimestamp(), length);

        // By the stopwatch: the clock may have been put back by a year.
        public bool IsPaused(TimeProvider time) => _pause is { } pause && time.GetElapsedTime(pause.Since) < pause.Length;
    }
}
