using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using Polly;
using Refit;

namespace MisskeyAutomations.Misskey;

/// <summary>Sends one request once and says what became of it. Everything that goes to Misskey goes through here.</summary>
internal sealed class MisskeySender(IMisskeyApi api, AccountDirectory accounts, ServerProbe probe, ServerClocks clocks, TimeProvider time)
{
    /// <summary>From the first look at the name to the last byte of the answer: 30 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan UploadPatience = TimeSpan.FromMinutes(2);

    /// <summary>Posts a frozen body. Faults, and the end of the program, are outcomes.</summary>
    /// <param name="account">The name of the account that acts.</param>
    /// <param name="endpoint">Such as <c>notes/create</c>.</param>
    /// <param name="body">JSON, sent as it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ActionOutcome> SendAsync(string account, string endpoint, string body, CancellationToken cancellationToken)
    {
        using var content = new FrozenBody(body);
        return await SendAsync(account, endpoint, content, Patience, cancellationToken);
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

    /// <summary>A time of ours by the clock of the account's server.</summary>
    public DateTimeOffset ToServerTime(string account, DateTimeOffset ours) =>
        accounts.Find(account) is { } acting ? clocks.ToIts(acting.Server, ours) : ours;

    private async Task<ActionOutcome> SendAsync(
        string account, string endpoint, WatchedBody content, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!EndpointName.IsValid(endpoint))
        {
            return new ActionOutcome.Rejected("INVALID_ENDPOINT", "This is not the name of an endpoint.");
        }

        if (accounts.Find(account) is not { } acting)
        {
            return new ActionOutcome.Rejected("UNKNOWN_ACCOUNT", $"There is no account {account} in the configuration any more.");
        }

        if (probe.IsDoubtful(acting.Server) && await PingAsync(acting, cancellationToken) is not ActionOutcome.Done)
        {
            return new ActionOutcome.NotSent($"{acting.Server.Host} does not answer properly; nothing is sent there until it does.");
        }

        return await PostAsync(acting, endpoint, content, patience, cancellationToken);
    }

    private async Task<ActionOutcome> PingAsync(Account account, CancellationToken cancellationToken)
    {
        using var nothing = new FrozenBody("{}");
        return await PostAsync(account, ServerProbe.Endpoint, nothing, Patience, cancellationToken);
    }

    private async Task<ActionOutcome> PostAsync(
        Account account, string endpoint, WatchedBody content, TimeSpan atMost, CancellationToken cancellationToken)
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
                clocks.Set(account.Server, its, now);
            }

            return OutcomeReader.Read(endpoint, answer, now);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException or ApiRequestException)
        {
            // A request that is given up may also show as a connection that ended early.
            var cause = patience.IsCancellationRequested ? new OperationCanceledException(patience.Token) : fault;
            return OutcomeReader.Read(cause, content.HasBegun, isStopping: cancellationToken.IsCancellationRequested);
        }
    }
}
