using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.RuleFiles;

/// <summary>
/// Watches the rules folder and puts a changed set in force as a whole. A broken edit leaves the last good set in force and says so.
/// </summary>
internal sealed partial class RuleReloader(
    RuleFolder folder, RuleVersions versions, IRunStore store, ILogger<RuleReloader> logger, TimeProvider time) : BackgroundService
{
    /// <summary>Told after every attempt to read the folder: the reading, and whether it was put in force.</summary>
    public event Action<RuleReading, bool>? Reloaded;

    /// <summary>Looks at the rules that are in force: at these now, and at those of every reload that is put in force.</summary>
    public void LookAtAll(RuleSet rules, Action<RuleSet> look)
    {
        look(rules);
        Reloaded += (reading, isInForce) =>
        {
            if (isInForce)
            {
                look(reading.RuleSet!);
            }
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FileWatch(folder.Path, TryFingerprint, time) { Untold = trouble => LogNotWatched(trouble, folder.Path, FileWatch.LookAnyway) };

        // What the program was started with: a change since then is a change.
        var seen = folder.LastRead;
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = await watch.NextAsync(seen, stoppingToken);
            seen = await ReloadAsync(stoppingToken) ? now : null;
        }
    }

    // False when the files changed while they were read: then half of what was read may be old, and it is read again.
    private async Task<bool> ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reading = folder.Read();
            if (folder.Fingerprint() != folder.LastRead)
            {
                return false;
            }

            if (reading.RuleSet is not { } rules)
            {
                LogBroken(reading.Diagnostics.Count(finding => finding.Severity == Severity.Error));
                Measures.Reloaded("broken");
                Reloaded?.Invoke(reading, false);
                return true;
            }

            var before = versions.Current;
            versions.Swap(rules);
            foreach (var rule in before.Rules.Where(rule => versions.IsWithdrawn(rule.Name)))
            {
                var cancelled = await store.CancelWaitingAsync(rule.Name, "the rule was switched off or deleted while it waited", cancellationToken);
                Measures.Ended(rule.Name, "cancelled", cancelled);
            }

            // What waits was told by the old budgets when to ask again.
            if (!rules.Defaults.HasBudgetsOf(before.Defaults))
            {
                await store.ReleaseAsync(WaitReason.Budget, cancellationToken);
            }

            LogReloaded(rules.Rules.Count);
            Measures.Reloaded("in_force");
            Reloaded?.Invoke(reading, true);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // The runs of withdrawn rules that could not be cancelled now are cancelled when they are due.
            Measures.Reloaded("unreadable");
            LogUnreadable(trouble, folder.Path);
        }

        return true;
    }

    private string? TryFingerprint()
    {
        try
        {
            return folder.Exists ? folder.Fingerprint() : null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(trouble, folder.Path);
            return null;
        }
    }

    [LoggerMessage(401, LogLevel.Information, "The rules were reloaded: {Count} rules are in force")]
    private partial void LogReloaded(int count);

    [LoggerMessage(402, LogLevel.Error, "The changed rules have errors ({Count}); the last good ones stay in force. `validate` shows where")]
    private partial void LogBroken(int count);

    [LoggerMessage(403, LogLevel.Error, "The rules in {Path} could not be read; the last good ones stay in force")]
    private partial void LogUnreadable(Exception trouble, string path);

    [LoggerMessage(404, LogLevel.Warning, "Changes in {Path} are not announced by the file system; it is looked at every {Interval}")]
    private partial void LogNotWatched(Exception trouble, string path, TimeSpan interval);
}
