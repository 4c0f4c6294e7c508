using System.Collections.Concurrent;
using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Sources;

/// <summary>
/// Catches up on what webhooks did not bring: Misskey gives up after three repetitions within 13 minutes. Looks at the account's
/// notifications at the start and ever again. Nothing waits for it.
/// </summary>
internal sealed partial class CatchUp(
    MissedEvents missed, IInbox inbox, AccountDirectory accounts, MisskeyAccountCheck check, TimeProvider time, ILogger<CatchUp> logger) : BackgroundService
{
    // Misskey keeps so many notifications of each account, unless its administrator says otherwise.
    private const int KeptByMisskey = 500;

    // For so long Misskey repeats a webhook.
    private static readonly TimeSpan Repetitions = TimeSpan.FromMinutes(11);

    // So long after its end at most another engine takes the looking over.
    private static readonly TimeSpan OtherEngine = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Bell> _bells = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _troubled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _looked = new(StringComparer.Ordinal);

    /// <summary>The accounts whose notifications Misskey refuses to show, with the reasons.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    /// <summary>Whether an account could look since the start.</summary>
    public bool HasLooked(string account) => _looked.ContainsKey(account);

    /// <summary>Lets an account look at once instead of when its time comes, such as when its stream was down.</summary>
    public void LookNow(string account) => BellOf(account).Ring();

    /// <summary>Looks once, as soon as no other engine does. Null when all is seen; otherwise how long to wait before trying again.</summary>
    /// <param name="account">The account.</param>
    /// <param name="me">Its user id.</param>
    /// <param name="attempt">How many looks in a row failed before this one; each asks for less at once, as the answers may be too much.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<TimeSpan?> LookAsync(Account account, string me, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            while (!await inbox.IsFirstAsync(cancellationToken))
            {
                await Task.Delay(OtherEngine, time, cancellationToken);
            }

            var limit = Math.Max(1, NotificationPages.MostAtOnce >> Math.Min(attempt, 8));
            return await inbox.FindCatchUpMarkAsync(account.Name, cancellationToken) is { } mark && mark.UserId == me
                ? await BringAsync(account, mark, limit, attempt, cancellationToken)
                : await BeginAsync(account, me, attempt, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Why is told by the store.
            LogStoreTrouble(account.Name);
            return Pauses.After(new ActionOutcome.NotSent(""), attempt);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFault(fault, account.Name);
            return Pauses.After(new ActionOutcome.NotSent(""), attempt);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => accounts.ForEachAsync(FollowAsync, stoppingToken);

    private async Task FollowAsync(Account account, CancellationToken stoppingToken)
    {
        if (account.CatchUp is { } between)
        {
            var me = await check.UserIdAsync(account.Name, stoppingToken);
            for (var attempt = 0; ; attempt++)
            {
                var pause = await LookAsync(account, me, attempt, stoppingToken);
                attempt = pause is null ? -1 : attempt;
                await BellOf(account.Name).WaitAsync(pause ?? between, time, stoppingToken);
            }
        }
    }

    private Bell BellOf(string account) => _bells.GetOrAdd(account, static _ => new());

    private async Task<TimeSpan?> BeginAsync(Account account, string me, int attempt, CancellationToken cancellationToken)
    {
        var outcome = await missed.BeginAsync(account, me, cancellationToken);
        if (outcome is not ActionOutcome.Done)
        {
            return Tell(account.Name, outcome, attempt);
        }

        Recovered(account.Name);
        _looked[account.Name] = true;
        LogBegun(account.Name);
        return null;
    }

    private async Task<TimeSpan?> BringAsync(Account account, CatchUpMark mark, int limit, int attempt, CancellationToken cancellationToken)
    {
        var (found, outcome) = await missed.BringAsync(account, mark, limit, cancellationToken);
        Tell(account, mark, found, isWhole: outcome is ActionOutcome.Done);
        if (outcome is not ActionOutcome.Done)
        {
            return Tell(account.Name, outcome, attempt);
        }

        Recovered(account.Name);
        return null;
    }

    private void Tell(Account account, CatchUpMark mark, Haul found, bool isWhole)
    {
        Measures.Delivered(account.Name, "catch-up", "received", count: found.New);
        Measures.Delivered(account.Name, "catch-up", "duplicate", count: found.Known);
        var since = mark.LookedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        var isFirst = isWhole && _looked.TryAdd(account.Name, true);
        if (found.New > 0)
        {
            LogCaughtUp(account.Name, Events(found.New + found.Known), since, found.Known);
        }
        else if (isFirst)
        {
            LogNothingMissed(account.Name, since, found.Known);
        }

        if (found.Notifications >= KeptByMisskey)
        {
            LogFull(account.Name, found.Notifications);
        }

        // Between two looks nothing tells whether the engine ran.
        if (isFirst && time.GetUtcNow() - mark.LookedAt > account.CatchUp + Repetitions)
        {
            LogLost(account.Name, since);
        }
    }

    private static string Events(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} event{(count == 1 ? "" : "s")}");

    // Only a person can mend what is refused: it is said once, and asked again at the next look.
    private TimeSpan? Tell(string account, ActionOutcome outcome, int attempt)
    {
        var isNews = _troubled.TryAdd(account, true);
        if (outcome is ActionOutcome.Rejected refused)
        {
            _refused[account] = refused.Reason;
            if (isNews)
            {
                LogRefused(account, refused.Reason);
            }

            return null;
        }

        if (isNews)
        {
            LogNotRead(account, Reasons.Of(outcome));
        }

        return Pauses.After(outcome, attempt);
    }

    private void Recovered(string account)
    {
        _refused.TryRemove(account, out _);
        if (_troubled.TryRemove(account, out _))
        {
            LogRecovered(account);
        }
    }

    [LoggerMessage(601, LogLevel.Information, "Account {Account} catches up from now on: what happened before is left alone")]
    private partial void LogBegun(string account);

    [LoggerMessage(602, LogLevel.Information, "Account {Account} caught up: {Events} since {Since}, of which known already: {Known}")]
    private partial void LogCaughtUp(string account, string events, string since, int known);

    [LoggerMessage(603, LogLevel.Information, "Account {Account} missed nothing since {Since} that notifications tell; known already: {Known}")]
    private partial void LogNothingMissed(string account, string since, int known);

    [LoggerMessage(604, LogLevel.Warning, "Own notes, follows and unfollows of account {Account} are told by webhooks and the stream alone: those since {Since} that Misskey could not deliver are lost")]
    private partial void LogLost(string account, string since);

    [LoggerMessage(605, LogLevel.Warning, "Account {Account} had {Count} notifications to catch up on. Misskey keeps about 500 unless its administrator says otherwise: older ones may be lost")]
    private partial void LogFull(string account, int count);

    [LoggerMessage(606, LogLevel.Warning, "Account {Account} cannot catch up on what webhooks miss: {Reason} `catch-up: off` does without")]
    private partial void LogRefused(string account, string reason);

    [LoggerMessage(607, LogLevel.Warning, "Account {Account} could not catch up now, and tries again: {Reason}")]
    private partial void LogNotRead(string account, string reason);

    [LoggerMessage(608, LogLevel.Information, "Account {Account} can catch up again")]
    private partial void LogRecovered(string account);

    [LoggerMessage(609, LogLevel.Warning, "What account {Account} caught up on could not be stored; it is tried again")]
    private partial void LogStoreTrouble(string account);

    [LoggerMessage(610, LogLevel.Error, "Account {Account} could not catch up; it tries again")]
    private partial void LogFault(Exception fault, string account);
}
