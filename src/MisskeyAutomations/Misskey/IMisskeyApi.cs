using MisskeyAutomations.Accounts;
using Refit;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Misskey's HTTP API: every endpoint is a POST of JSON (<see href="https://misskey-hub.net/docs/for-developers/api/"/>). The
/// answer is returned as it came, whatever its status: <see cref="OutcomeReader"/> says what it means.
/// </summary>
internal interface IMisskeyApi
{
    /// <summary>Posts once.</summary>
    /// <param name="endpoint">Checked by <see cref="EndpointName"/>: Refit lets <c>../</c> in a catch-all leave <c>/api</c>.</param>
    /// <param name="body">
    /// A <see cref="FrozenBody"/>: has its length, so nothing is chunked though nothing is buffered. Buffering would ask for its
    /// bytes before there is a connection, and we could no longer tell whether any were sent.
    /// </param>
    /// <param name="account">Read by <see cref="AccountHandler"/>, which adds server and token.</param>
    /// <param name="cancellationToken">Ends the wait; see <see cref="WatchedBody.HasBegun"/> for what is then known.</param>
    [Post("/api/{**endpoint}")]
    Task<HttpResponseMessage> PostAsync(
        string endpoint, [Body] HttpContent body, [Property(AccountHandler.OptionName)] Account account, CancellationToken cancellationToken);
}
