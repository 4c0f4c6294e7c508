using System.Net.WebSockets;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>
/// Listens to the streams of accounts: connects, and whenever the connection ends connects again, ever more patiently. Each time it stands,
/// the account catches up at once on what happened in between.
/// </summary>
internal sealed partial class AccountStream(
    StreamOpener opener, StreamChannels channels, MisskeySender misskey, MisskeyAccountCheck check, CatchUp catchUp, IInbox inbox,
    StreamOrigin origin, StreamStates states, Holds holds, LiveFeed feed, TimeProvider time, ILogger<AccountStream> logger)
{
    // Misskey answers at once; who does not within this is no Misskey, or one that is about to fall.
    private static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(30);

    // A connection that stood for so long was a good one.
    private static readonly TimeSpan Stood = TimeSpan.FromMinutes(1);

    // After one that stood for a moment, at most 8 s: the server restarts, or is busy, but it is there.
    private const int AfterAShortOne = 3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(10);

    /// <summary>Listens until cancelled.</summary>
    public async Task ListenAsync(Account account, CancellationToken cancellationToken)
    {
        var me = await check.UserIdAsync(account.Name, cancellationToken);
        var buffer = new StreamBuffer(account.Name, inbox, time, logger);
        var storing = buffer.StoreAsync(cancellationToken);
        try
        {
            await ConnectAsync(account, me, buffer, cancellationToken);
        }
        finally
        {
            states.Forget(account.Name);
            await storing;
        }
    }

    private async Task ConnectAsync(Account account, string me, StreamBuffer buffer, CancellationToken cancellationToken)
    {
        using var bell = new Bell();
        void RingFor(string name)
        {
            if (name == account.Name || name == account.Server.Host)
            {
                bell.Ring();
            }
        }

        feed.Resumed += RingFor;
        feed.FoundAgain += RingFor;
        try
        {
            var state = new Outage();
            for (var attempt = 0; ; attempt++)
            {
                await LetGoAsync(account.Name, bell, cancellationToken);
                var begun = time.GetTimestamp();
                var (reason, least) = await ListenOnceAsync(account, me, buffer, state, cancellationToken);
                states.Lost(account.Name, reason);
                attempt = !state.HasStood ? attempt : time.GetElapsedTime(begun) > Stood ? 0 : Math.Min(attempt, AfterAShortOne);
                if (!state.IsTold)
                {
                    state.IsTold = true;
                    LogLost(account.Name, reason);
                }

                state.HasStood = false;
                await buffer.EmptiedAsync(cancellationToken);
                await bell.WaitAsync(least ?? PauseAfter(attempt), time, cancellationToken);
            }
        }
        finally
        {
            feed.Resumed -= RingFor;
            feed.FoundAgain -= RingFor;
        }
    }

    // A paused account is not asked for: others find out when it is taken again.
    private async Task LetGoAsync(string account, Bell bell, CancellationToken cancellationToken)
    {
        while (holds.Paused.ContainsKey(account))
        {
            await bell.WaitAsync(RefusedPause, time, cancellationToken);
        }
    }

    /// <summary>One connection. Why it ended, and how long to wait at least, where that is known.</summary>
    private async Task<(string Reason, TimeSpan? Least)> ListenOnceAsync(
        Account account, string me, StreamBuffer buffer, Outage state, CancellationToken cancellationToken)
    {
        try
        {
            var opening = await opener.OpenAsync(account, cancellationToken);
            if (opening.Stream is not { } stream)
            {
                return opening.IsRefused ? await WhyRefusedAsync(account.Name, opening.Trouble, cancellationToken) : (opening.Trouble, null);
            }

            using (stream)
            {
                return await UseAsync(account, new StreamSession(account, me, origin.Hook, stream, buffer, time), state, cancellationToken);
            }
        }
        catch (Exception silence) when (IsSilence(silence) && !cancellationToken.IsCancellationRequested)
        {
            return ("The server has fallen silent.", null);
        }
        catch (WebSocketException broken)
        {
            return (broken.InnerException is null ? "The connection broke off." : FaultSentence.Of(broken, hasBegun: true).ToString(), null);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(fault, account.Name);
            return ("It could not go on.", null);
        }
    }

    // The framework gives up a connection on which no answer to its pings comes.
    private static bool IsSilence(Exception fault) => fault is OperationCanceledException or WebSocketException { InnerException: OperationCanceledException };

    private async Task<(string Reason, TimeSpan? Least)> UseAsync(Account account, StreamSession session, Outage state, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = session.ListenAsync(ending.Token);
        var keeping = KeepAsync(account, session, state, ending.Token);
        var first = await Task.WhenAny(listening, keeping);
        await ending.CancelAsync();
        await Task.WhenAll(listening, keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (session.Unreadable > 0)
        {
            LogUnreadable(account.Name, session.Unreadable);
        }

        if (first == keeping)
        {
            await keeping;
            return ("The server does not confirm that it streams.", null);
        }

        return await listening ? ("The server closed the connection.", null) : ("More came than could be stored.", null);
    }

    // Ends only when Misskey does not confirm.
    private async Task KeepAsync(Account account, StreamSession session, Outage state, CancellationToken cancellationToken)
    {
        await session.BeginAsync(cancellationToken);
        try
        {
            await session.Confirmed.WaitAsync(Confirmation, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return;
        }

        states.Stands(account.Name, session);
        Tell(account.Name, state);
        catchUp.LookNow(account.Name);
        await channels.KeepAsync(account, session, cancellationToken);
    }

    private void Tell(string account, Outage state)
    {
        state.HasStood = true;
        if (!state.HasBegun)
        {
            LogBegun(account);
        }
        else if (state.IsTold)
        {
            LogAgain(account);
        }

        (state.HasBegun, state.IsTold) = (true, false);
    }

    // The same is said, and done, as about any other call that is refused: an account that Misskey does not know any more is paused.
    private async Task<(string Reason, TimeSpan? Least)> WhyRefusedAsync(string account, string trouble, CancellationToken cancellationToken)
    {
        var outcome = await misskey.SendAsync(account, "i", "{}", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome switch
        {
            ActionOutcome.AccountRefused or ActionOutcome.Rejected => (Reasons.Of(outcome), RefusedPause),
            ActionOutcome.Done => (trouble, LongestPause),
            _ => (trouble, null),
        };
    }

    private static TimeSpan PauseAfter(int attempt)
    {
        var longest = Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromSeconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }

    private sealed class Outage
    {
        public bool HasBegun { get; set; }

        public bool HasStood { get; set; }

        public bool IsTold { get; set; }
    }

    [LoggerMessage(2226, LogLevel.Information, "Account {Account} listens to its stream")]
    private partial void LogBegun(string account);

    [LoggerMessage(2227, LogLevel.Information, "Account {Account} listens to its stream again, and catches up on what it missed")]
    private partial void LogAgain(string account);

    [LoggerMessage(2228, LogLevel.Warning, "Account {Account} does not hear its stream, and connects again: {Reason}")]
    private partial void LogLost(string account, string reason);

    [LoggerMessage(2229, LogLevel.Warning, "{Count} messages that were streamed to account {Account} could not be read and were passed over")]
    private partial void LogUnreadable(string account, int count);

    [LoggerMessage(2230, LogLevel.Error, "The stream of account {Account} could not go on; it connects again")]
    private partial void LogFault(Exception fault, string account);
}

/// <summary>
/// Under which hook this engine stores what only its own connection tells apart. Several engines at one store are told the same by connections of
/// their own: as with several hooks, each tells of an event once.
/// </summary>
/// <param name="Hook">The name, the same after a restart.</param>
internal sealed record StreamOrigin(string Hook);
