using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Finds out what a token may do without doing anything. Misskey tells nobody what a token may; but it looks at the permission before
/// it looks at the request, so that a request which lacks what it must have is refused for the one reason or for the other.
/// </summary>
internal sealed class TokenProbe(MisskeySender misskey, TimeProvider time)
{
    // Forks lack one endpoint or the other.
    private const int Tries = 3;

    // Some endpoints want a second between two calls: that is worth a wait, an hour's limit is not.
    private static readonly TimeSpan ShortRest = TimeSpan.FromSeconds(3);

    /// <summary>Asks for one permission.</summary>
    /// <param name="account">The name of the account whose token it is.</param>
    /// <param name="permission">Such as <c>write:notes</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TokenAnswer> AskAsync(string account, string permission, CancellationToken cancellationToken) =>
        AskAsync((endpoint, body) => misskey.SendAsync(account, endpoint, body, cancellationToken), permission, cancellationToken);

    /// <summary>Asks for one permission of an account that need not be one of the engine's.</summary>
    public Task<TokenAnswer> AskForAsync(Account account, string permission, CancellationToken cancellationToken) =>
        AskAsync((endpoint, body) => misskey.AskForAsync(account, endpoint, body, cancellationToken), permission, cancellationToken);

    private async Task<TokenAnswer> AskAsync(Func<string, string, Task<ActionOutcome>> askAsync, string permission, CancellationToken cancellationToken)
    {
        var answer = new TokenAnswer(null, "No endpoint can be asked for it without doing something.");
        foreach (var (endpoint, body) in QuestionsFor(permission).Take(Tries))
        {
            var outcome = await askAsync(endpoint, body);
            if (outcome is ActionOutcome.RateLimited { RetryAfter: var rest } && rest <= ShortRest)
            {
                await Task.Delay(rest, time, cancellationToken);
                outcome = await askAsync(endpoint, body);
            }

            answer = outcome switch
            {
                ActionOutcome.Rejected { Code: "PERMISSION_DENIED" } => new(false, null),
                ActionOutcome.Rejected { Code: "INVALID_PARAM" } or ActionOutcome.Done => new(true, null),
                ActionOutcome.AccountRefused refused => new(null, refused.Reason) { IsRefused = true },
                var other => new(null, Reasons.Of(other)),
            };
            if (answer.Has is not null || answer.IsRefused)
            {
                break;
            }
        }

        return answer;
    }

    /// <summary>The requests that are answered differently with and without a permission, and change nothing; those that count least first.</summary>
    public static IEnumerable<(string Endpoint, string Body)> QuestionsFor(string permission) => EndpointTable.Names
        .Where(name => EndpointTable.PermissionOf(name) == permission && !EndpointTable.IsSecure(name) && !EndpointTable.TakesFile(name))
        .Select(name => (Name: name, Shape: EndpointTable.Find(name)!, IsIncomplete: EndpointTable.Find(name)!.Parameters.Any(parameter => parameter.Required)))
        .Where(endpoint => endpoint.IsIncomplete || permission.StartsWith("read:", StringComparison.Ordinal))
        .OrderBy(endpoint => EndpointTable.IsForModerators(endpoint.Name)).ThenBy(endpoint => EndpointTable.LimitOf(endpoint.Name) is not null)
        .ThenByDescending(endpoint => endpoint.IsIncomplete).ThenByDescending(endpoint => OwnCalls.OfConnecting.Contains(endpoint.Name, StringComparer.Ordinal)).ThenBy(endpoint => endpoint.Name, StringComparer.Ordinal)
        .Select(endpoint => (endpoint.Name, endpoint.IsIncomplete ? "{}" : ReadingOf(endpoint.Shape)));

    // What only reads may be read: little of it, and notifications stay unread.
    private static string ReadingOf(EndpointShape endpoint) =>
        $"{{{string.Join(',', endpoint.Parameters.Select(parameter => parameter.Name switch
        {
            "limit" => "\"limit\":1",
            "markAsRead" => "\"markAsRead\":false",
            _ => null,
        }).OfType<string>())}}}";
}

/// <summary>What is known of a permission.</summary>
/// <param name="Has">Whether the token has it; null when that could not be found out.</param>
/// <param name="Trouble">Why not, a sentence; null unless <paramref name="Has"/> is.</param>
internal sealed record TokenAnswer(bool? Has, string? Trouble)
{
    /// <summary>Whether the server refuses the token, or the account, as such.</summary>
    public bool IsRefused { get; init; }
}
