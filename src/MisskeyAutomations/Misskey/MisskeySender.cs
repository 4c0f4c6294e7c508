using System.Diagnostics;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Telemetry;
using Polly;
using Refit;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Sends requests and says what became of them. Everything that goes to Misskey goes through here, so that a paused account, a resting
/// endpoint and a server in trouble are left alone by all.
/// </summary>
internal sealed class MisskeySender(
    IMisskeyApi api, AccountDirectory accounts, Holds holds, RestingEndpoints resting, ServerProbe probe, ServerClocks clocks, LiveFeed feed, TimeProvider time)
{
    /// <summary>From the first look at the name to the last byte of the answer: 30 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan UploadPatience = TimeSpan.FromMinutes(2);

    // A server that knows repetitions knows for 30 s that it is at work: so long nothing is done twice.
    private static readonly TimeSpan[] AskAgainAfter = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)];
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(28);

    /// <summary>Posts a frozen body; the same again while the server is at work on it. Faults, and the end of the program, are outcomes.</summary>
    /// <param name="account">The name of the account that acts.</param>
    /// <param name="endpoint">Such as <c>notes/create</c>.</param>
    /// <param name="body">JSON, sent as it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ActionOutcome> SendAsync(string account, string endpoint, string body, CancellationToken cancellationToken)
    {
        var outcome = await SendOnceAsync(account, endpoint, body, cancellationToken);
        return outcome is ActionOutcome.Uncertain { IsAtWork: true } ? await AskAgainAsync(outcome, account, endpoint, body, cancellationToken) : outcome;
    }

    /// <summary>Puts a file into the account's drive. Faults, and the end of the program, are outcomes.</summary>
    /// <param name="account">The name of the account that acts.</param>
    /// <param name="endpoint">The endpoint that takes files.</param>
    /// <param name="name">What the file is to be called.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ActionOutcome> UploadAsync(string account, string endpoint, string name, string type, byte[] bytes, CancellationToken cancellationToken)
    {
        using var content = new FileBody(name, type, bytes);
        return await SendAsync(account, endpoint, content, UploadPatience, cancellationToken);
    }

    /// <summary>Asks the server who a paused account is, in spite of the pause.</summary>
    public async Task<ActionOutcome> AskAboutAsync(string account, CancellationToken cancellationToken)
    {
        using var nothing = new FrozenBody("{}");
        return accounts.Find(account) is { } acting ? await PostAsync(acting, "i", nothing, Patience, cancellationToken) : Unknown(account);
    }

    /// <summary>Asks an account's server whether it is there; its breaker lets no more than one such call through each 30 s while it is not.</summary>
    public async Task<ActionOutcome> PingAsync(Account account, CancellationToken cancellationToken)
    {
        using var nothing = new FrozenBody("{}");
        return await PostAsync(account, ServerProbe.Endpoint, nothing, Patience, cancellationToken);
    }

    /// <summary>Asks for an account that need not be one of the engine's: nothing is paused by what comes of it.</summary>
    public async Task<ActionOutcome> AskForAsync(Account account, string endpoint, string body, CancellationToken cancellationToken)
    {
        using var content = new FrozenBody(body);
        return EndpointName.IsValid(endpoint) ? await PostAsync(account, endpoint, content, Patience, cancellationToken, isOurs: false)
            : new ActionOutcome.Rejected("INVALID_ENDPOINT", "This is not the name of an endpoint.");
    }

    /// <summary>A time of ours by the clock of the account's server.</summary>
    public DateTimeOffset ToServerTime(string account, DateTimeOffset ours) =>
        accounts.Find(account) is { } acting ? clocks.ToIts(acting.Server, ours) : ours;

    private static ActionOutcome.Rejected Unknown(string account) => new("UNKNOWN_ACCOUNT", $"There is no account {account} in the configuration any more.");

    private async Task<ActionOutcome> SendOnceAsync(string account, string endpoint, string body, CancellationToken cancellationToken)
    {
        using var content = new FrozenBody(body);
        return await SendAsync(account, endpoint, content, Patience, cancellationToken);
    }

    // Whatever else is answered says nothing about the request that was being worked on.
    private async Task<ActionOutcome> AskAgainAsync(ActionOutcome atWork, string account, string endpoint, string body, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        try
        {
            foreach (var pause in AskAgainAfter)
            {
                await Task.Delay(pause, time, cancellationToken);
                if (time.GetElapsedTime(begin) > Remembered)
                {
                    return atWork;
                }

                var outcome = await SendOnceAsync(account, endpoint, body, cancellationToken);
                if (outcome is not ActionOutcome.Uncertain { IsAtWork: true })
                {
                    return outcome is ActionOutcome.Done ? outcome : atWork;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends: it is looked for at the next start.
        }

        return atWork;
    }

    private async Task<ActionOutcome> SendAsync(
        string account, string endpoint, WatchedBody content, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!EndpointName.IsValid(endpoint))
        {
            return new ActionOutcome.Rejected("INVALID_ENDPOINT", "This is not the name of an endpoint.");
        }

        if (accounts.Find(account) is not { } acting)
        {
            return Unknown(account);
        }

        if (holds.Paused.TryGetValue(account, out var reason))
        {
            return new ActionOutcome.AccountRefused("PAUSED", reason);
        }

        if (probe.IsDoubtful(acting.Server) && await PingAsync(acting, cancellationToken) is not ActionOutcome.Done)
        {
            return new ActionOutcome.NotSent($"{acting.Server.Host} does not answer properly; nothing is sent there until it does.");
        }

        if (resting.Enter(account, endpoint) is { } rest)
        {
            return new ActionOutcome.RateLimited(rest);
        }

        ActionOutcome outcome = new ActionOutcome.NotSent("");
        try
        {
            return outcome = await PostAsync(acting, endpoint, content, patience, cancellationToken);
        }
        finally
        {
            resting.Leave(account, endpoint, outcome);
        }
    }

    private async Task<ActionOutcome> PostAsync(
        Account account, string endpoint, WatchedBody content, TimeSpan atMost, CancellationToken cancellationToken, bool isOurs = true)
    {
        // Rules may name what endpoints they like; only those of the table are told apart.
        var label = EndpointTable.Has(endpoint) ? endpoint : "other";
        using var span = Spans.Call(account.Name, label, account.Server);
        var begin = Stopwatch.GetTimestamp();
        var outcome = await PostOnceAsync(account, endpoint, content, atMost, isOurs, cancellationToken);
        var result = ResultOf(outcome);
        Measures.Called(account.Name, label, result, begin);
        span.End(result, isWell: outcome is ActionOutcome.Done);
        return outcome;
    }

    private static string ResultOf(ActionOutcome outcome) => outcome switch
    {
        ActionOutcome.Done => "done",
        ActionOutcome.NotSent => "not_sent",
        ActionOutcome.Rejected => "rejected",
        ActionOutcome.RateLimited => "rate_limited",
        ActionOutcome.AccountRefused => "account_refused",
        ActionOutcome.Uncertain => "uncertain",
        _ => throw new UnreachableException(),
    };

    private async Task<ActionOutcome> PostOnceAsync(
        Account account, string endpoint, WatchedBody content, TimeSpan atMost, bool isOurs, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var response = await api.PostAsync(endpoint, content, account, either.Token);
            var answer = await MisskeyAnswer.ReadAsync(response, time, either.Token);
            var now = time.GetUtcNow();
            if (answer.Date is { } its)
            {
                clocks.Set(account.Server, its);
            }

            var outcome = OutcomeReader.Read(endpoint, answer, now);
            return isOurs ? Heed(account, outcome) : outcome;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException or ApiRequestException)
        {
            // A request that is given up may also show as a connection that ended early.
            var cause = patience.IsCancellationRequested ? new OperationCanceledException(patience.Token) : fault;
            return OutcomeReader.Read(cause, content.HasBegun, isStopping: cancellationToken.IsCancellationRequested);
        }
    }

    private ActionOutcome Heed(Account account, ActionOutcome outcome)
    {
        if (outcome is ActionOutcome.AccountRefused refused && holds.Pause(account.Name, refused.Reason))
        {
            feed.TellPaused(account.Name, refused.Reason);
        }

        return outcome;
    }
}
