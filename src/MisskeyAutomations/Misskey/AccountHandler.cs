using System.Net.Http.Headers;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Misskey;

/// <summary>Gives a request the server and the token of its account. The only place that sends a token.</summary>
internal sealed class AccountHandler : DelegatingHandler
{
    /// <summary>The request option that holds the account.</summary>
    public const string OptionName = "account";

    /// <summary>What requests are made for before their account is known; never resolves (RFC 2606).</summary>
    public static readonly Uri Nowhere = new("https://account.invalid");

    private static readonly HttpRequestOptionsKey<object> Option = new(OptionName);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Option, out var option) || option is not Account account)
        {
            throw new InvalidOperationException("A request to Misskey needs an account.");
        }

        request.RequestUri = new Uri(account.Server, request.RequestUri!.PathAndQuery);
        if (account.Token.ByteCount > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Token.Reveal());
        }

        return base.SendAsync(request, cancellationToken);
    }
}
