using System.Collections.Concurrent;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Sources;

/// <summary>How the streams of this engine's accounts stand, for whoever asks. Safe for concurrent use.</summary>
internal sealed class StreamStates(TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, StreamState> _states = new(StringComparer.Ordinal);

    /// <summary>Those of all accounts that listen or try to, by name.</summary>
    public IReadOnlyDictionary<string, StreamState> All => _states;

    /// <summary>Misskey has confirmed that it streams to an account.</summary>
    public void Stands(string account, StreamSession session) => _states[account] = new(time.GetUtcNow(), null, session);

    /// <summary>An account does not hear its stream.</summary>
    public void Lost(string account, string reason) => _states.AddOrUpdate(
        account, _ => new(time.GetUtcNow(), reason, null), (_, before) => new(before.Trouble is null ? time.GetUtcNow() : before.Since, reason, null));

    /// <summary>An account listens no more.</summary>
    public void Forget(string account) => _states.TryRemove(account, out _);

    /// <summary>Waits until an account hears its stream, and its own notes there where they are wanted. Null when it does; otherwise why not.</summary>
    public async Task<string?> HearsAsync(Account account, bool ownNotes, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var begin = time.GetTimestamp(); ; await Task.Delay(Between, time, cancellationToken))
        {
            var state = _states.GetValueOrDefault(account.Name);
            if (state?.Session is { } session && IsOf(session, account) && (!ownNotes || session.IsConfirmed(NeededChannels.Home)))
            {
                return null;
            }

            if (time.GetElapsedTime(begin) >= patience)
            {
                return state?.Trouble ?? "The server does not confirm that it streams.";
            }
        }
    }

    // A connection with a former token is about to end.
    private static bool IsOf(StreamSession session, Account account) =>
        session.Account.Token.Reveal() == account.Token.Reveal() && session.Account.Source == account.Source;
}

/// <summary>How the stream of an account stands.</summary>
/// <param name="Since">Since when it is so.</param>
/// <param name="Trouble">Why it is not heard; null when it is.</param>
/// <param name="Session">The connection; null when there is none.</param>
internal sealed record StreamState(DateTimeOffset Since, string? Trouble, StreamSession? Session);
