using System.Collections.Concurrent;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>Keeps the channels of a session to what the rules in force need.</summary>
internal sealed partial class StreamChannels(PlaceFinder places, RuleVersions rules, TimeProvider time, ILogger<StreamChannels> logger)
{
    // Misskey takes 32 channels from one connection; one is `main`.
    private const int MostPlaces = 31;

    // So long after it was asked for, a channel that was not confirmed will not be.
    private static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Account, string Place), string> _told = [];

    /// <summary>Asks for what is needed, and leaves what is not any more, until cancelled.</summary>
    public async Task KeepAsync(Account account, StreamSession session, CancellationToken cancellationToken)
    {
        using var changed = new Bell();
        rules.Swapped += changed.Ring;
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                var pause = await AdjustAsync(account, session, attempt, cancellationToken);
                attempt = pause is null ? -1 : attempt;
                if (await changed.WaitAsync(Confirmation, time, cancellationToken))
                {
                    continue;
                }

                TellUnconfirmed(account.Name, session);
                if (pause > Confirmation || pause is null)
                {
                    await changed.WaitAsync(pause ?? Timeout.InfiniteTimeSpan, time, cancellationToken);
                }
            }
        }
        finally
        {
            rules.Swapped -= changed.Ring;
        }
    }

    /// <summary>Null when there is what is needed; otherwise how long to wait before looking again.</summary>
    private async Task<TimeSpan?> AdjustAsync(Account account, StreamSession session, int attempt, CancellationToken cancellationToken)
    {
        var needed = NeededChannels.Of(rules.Current, account);
        session.Need(needed);
        var wanted = needed.OwnNotes ? [.. needed.Places.Prepend(NeededChannels.Home).Distinct(StringComparer.Ordinal)] : needed.Places;
        if (wanted.Count > MostPlaces)
        {
            LogTooMany(account.Name, wanted.Count, MostPlaces, string.Join(", ", wanted.Skip(MostPlaces)));
            wanted = [.. wanted.Take(MostPlaces)];
        }

        foreach (var place in session.Places.Except(wanted, StringComparer.Ordinal).ToList())
        {
            await session.LeaveAsync(place, cancellationToken);
        }

        TimeSpan? pause = null;
        foreach (var place in wanted.Except(session.Places, StringComparer.Ordinal).ToList())
        {
            pause = Shorter(pause, await FindAsync(account, session, place, attempt, cancellationToken));
        }

        return pause;
    }

    private async Task<TimeSpan?> FindAsync(Account account, StreamSession session, string place, int attempt, CancellationToken cancellationToken)
    {
        var found = await places.FindAsync(account.Name, place, cancellationToken);
        if (found.Trouble is { } trouble)
        {
            if (IsNews(account.Name, place, Reasons.Of(trouble)))
            {
                LogNotFound(account.Name, place, Reasons.Of(trouble));
            }

            return Pauses.After(trouble, attempt);
        }

        if (found.Channels.Count == 0)
        {
            var known = found.Known.Count == 0 ? "none" : string.Join(", ", found.Known);
            if (IsNews(account.Name, place, known))
            {
                LogMissing(account.Name, place, known);
            }

            return LookAgain;
        }

        _told.TryRemove((account.Name, place), out _);
        foreach (var channel in found.Channels)
        {
            await session.AskAsync(place, channel, cancellationToken);
        }

        return null;
    }

    private void TellUnconfirmed(string account, StreamSession session)
    {
        foreach (var place in session.Unconfirmed.Where(place => IsNews(account, place, "unconfirmed")))
        {
            LogUnconfirmed(account, place);
        }
    }

    private bool IsNews(string account, string place, string what)
    {
        var before = _told.GetValueOrDefault((account, place));
        _told[(account, place)] = what;
        return before != what;
    }

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    [LoggerMessage(2222, LogLevel.Warning, "Account {Account} has nothing called {Place} that a rule names, or may not see it; it is looked for again. There are: {Known}")]
    private partial void LogMissing(string account, string place, string known);

    [LoggerMessage(2223, LogLevel.Warning, "What a rule calls {Place} could not be looked for by account {Account} now: {Reason}")]
    private partial void LogNotFound(string account, string place, string reason);

    [LoggerMessage(2224, LogLevel.Warning, "The server does not stream {Place} to account {Account}: rules on it are not started. Is it switched off there?")]
    private partial void LogUnconfirmed(string account, string place);

    [LoggerMessage(2225, LogLevel.Error, "The rules of account {Account} name {Count} places, but Misskey streams only {Most} to one connection. Left out: {Places}")]
    private partial void LogTooMany(string account, int count, int most, string places);
}
