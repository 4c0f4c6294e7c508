using System.Globalization;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Scheduling;

/// <summary>Writes what the engine does into the log: names and numbers, never what people wrote.</summary>
internal sealed partial class RunLog(LiveFeed feed, ILogger<RunLog> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Decided += TellDecision;
        feed.Changed += TellChange;
        feed.Paused += LogPaused;
        feed.Resumed += LogResumed;
        feed.Lost += LogLost;
        feed.FoundAgain += LogFoundAgain;
        feed.LoopBroken += LogLoop;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Decided -= TellDecision;
        feed.Changed -= TellChange;
        feed.Paused -= LogPaused;
        feed.Resumed -= LogResumed;
        feed.Lost -= LogLost;
        feed.FoundAgain -= LogFoundAgain;
        feed.LoopBroken -= LogLoop;
        return Task.CompletedTask;
    }

    private void TellDecision(Event happening, IReadOnlyList<Verdict> verdicts)
    {
        var runs = verdicts.Count(verdict => verdict.Runs);
        if (runs > 0)
        {
            LogDecided(happening.Account, happening.Type, happening.Subject.Key, runs, verdicts.Count - runs);
        }
        else
        {
            LogIgnored(happening.Account, happening.Type, happening.Subject.Key, verdicts.Count);
        }
    }

    private void TellChange(Run run, Step? step)
    {
        switch (step)
        {
            case { State: StepState.Done, Intent: not null }:
                LogDone(run.Id, run.RuleName, step.Path, step.Kind);
                break;
            case { State: StepState.Skipped }:
                LogSkipped(run.Id, run.RuleName, step.Path, step.Kind, step.Reason);
                break;
            case { State: StepState.Failed }:
                LogFailed(run.Id, run.RuleName, step.Path, step.Kind, step.Reason);
                break;
            case { State: StepState.Uncertain } when run is { State: RunState.Waiting, DueAt: not null }:
                LogLookedFor(run.Id, run.RuleName, step.Path, step.Kind, step.Reason);
                break;
            case { State: StepState.Uncertain }:
                LogUncertain(run.Id, run.RuleName, step.Path, step.Kind, step.Reason);
                break;
        }

        if (run is { State: RunState.Waiting, WaitsFor: WaitReason.Retry or WaitReason.Budget or WaitReason.Hold or WaitReason.Place })
        {
            LogPutOff(run.Id, run.RuleName, Until(run), run.Reason);
        }
    }

    private static string Until(Run run) => run.DueAt is { } due
        ? due.UtcDateTime.ToString("'until 'yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "until that is over";

    [LoggerMessage(311, LogLevel.Information, "Account {Account}: {Type} ({Subject}) was decided: {Runs} rules run, {Others} do not")]
    private partial void LogDecided(string account, string type, string subject, int runs, int others);

    [LoggerMessage(312, LogLevel.Debug, "Account {Account}: {Type} ({Subject}) was decided: none of {Candidates} rules runs")]
    private partial void LogIgnored(string account, string type, string subject, int candidates);

    [LoggerMessage(313, LogLevel.Information, "Run {RunId} of rule {Rule}: step {Path} ({Kind}) was done")]
    private partial void LogDone(long runId, string rule, string path, string kind);

    [LoggerMessage(314, LogLevel.Information, "Run {RunId} of rule {Rule}: step {Path} ({Kind}) was skipped: {Reason}")]
    private partial void LogSkipped(long runId, string rule, string path, string kind, string? reason);

    [LoggerMessage(315, LogLevel.Warning, "Run {RunId} of rule {Rule}: step {Path} ({Kind}) failed: {Reason}")]
    private partial void LogFailed(long runId, string rule, string path, string kind, string? reason);

    [LoggerMessage(316, LogLevel.Warning, "Run {RunId} of rule {Rule}: step {Path} ({Kind}) was sent and never confirmed; it is not sent again unless you say so (`uncertain list`): {Reason}")]
    private partial void LogUncertain(long runId, string rule, string path, string kind, string? reason);

    [LoggerMessage(2321, LogLevel.Warning, "Run {RunId} of rule {Rule}: step {Path} ({Kind}) was sent and not confirmed; it is looked for, and sent again only once it is proven not to be there: {Reason}")]
    private partial void LogLookedFor(long runId, string rule, string path, string kind, string? reason);

    [LoggerMessage(317, LogLevel.Information, "Run {RunId} of rule {Rule} was put off {Until}: {Reason}")]
    private partial void LogPutOff(long runId, string rule, string until, string? reason);

    [LoggerMessage(318, LogLevel.Error, "Account {Account} was paused, its events are still accepted: {Reason} It is tried again every 10 minutes; a new token counts once the engine is started again.")]
    private partial void LogPaused(string account, string reason);

    [LoggerMessage(320, LogLevel.Warning, "Account {Account} is taken again: what was held goes on")]
    private partial void LogResumed(string account);

    [LoggerMessage(321, LogLevel.Warning, "{Server} failed several times in a row: it is left alone, and asked every half minute whether it is back")]
    private partial void LogLost(string server);

    [LoggerMessage(322, LogLevel.Warning, "{Server} answers again: what waited for it goes on")]
    private partial void LogFoundAgain(string server);

    [LoggerMessage(319, LogLevel.Warning, "Account {Account}: {Reason}")]
    private partial void LogLoop(string account, string reason);
}
