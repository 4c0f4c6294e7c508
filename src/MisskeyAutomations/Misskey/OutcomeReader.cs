using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// The one place that says what became of a request. The question is always the same: may it be sent again? When that is in
/// doubt, the outcome is uncertain.
/// </summary>
internal static class OutcomeReader
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);

    /// <summary>What an answer means.</summary>
    /// <param name="endpoint">The endpoint that was asked.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="now">Our clock, used where the server does not tell its own.</param>
    public static ActionOutcome Read(string endpoint, MisskeyAnswer answer, DateTimeOffset now)
    {
        var error = answer.Json?.FindObject("error");
        var code = error?.GetText("code");
        return answer.Status switch
        {
            429 => Patience(answer, error, now),
            >= 200 and < 300 when code is "PROCESSING" => new ActionOutcome.Uncertain("Misskey was still at work on the same request.") { IsAtWork = true },
            202 => new ActionOutcome.Uncertain("The request was taken (HTTP 202), and it was not said what became of it."),
            >= 200 and < 300 => Success(answer),
            301 or 302 or 307 or 308 => new ActionOutcome.Rejected("REDIRECT",
                $"The server redirects to {(answer.Location is { IsAbsoluteUri: true, Scheme: "http" or "https" } to ? Words.OneLine(to.Host, 100) : "another address")}; set the account's server to the address that it has now."),
            >= 400 and < 500 when error is { } refusal && code is not null => Refusal(endpoint, refusal, code, answer, now),
            404 when answer.Json?.GetText("error") is not null => new ActionOutcome.Rejected("NO_SUCH_ENDPOINT",
                $"This server has no endpoint {endpoint}."),
            405 or 413 or 415 => new ActionOutcome.Rejected($"HTTP_{answer.Status}", answer.Status switch
            {
                413 => "The request is larger than the server takes.",
                _ => $"The server does not take this kind of request (HTTP {answer.Status}).",
            }),
            400 when answer.Json is { ValueKind: JsonValueKind.Object } => new ActionOutcome.Rejected("HTTP_400", "The server could not read the request."),
            _ => new ActionOutcome.Uncertain(Unclear(answer, code)),
        };
    }

    /// <summary>What the lack of an answer means.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="hasBegun">Whether the sending of the body had begun; see <see cref="WatchedBody.HasBegun"/>.</param>
    /// <param name="isStopping">Whether it was we who gave up, because the program ends.</param>
    public static ActionOutcome Read(Exception fault, bool hasBegun, bool isStopping)
    {
        var reason = isStopping ? "The program was stopped." : FaultSentence.Of(fault, hasBegun).ToString();
        return hasBegun ? new ActionOutcome.Uncertain(reason) : new ActionOutcome.NotSent(reason);
    }

    private static ActionOutcome Success(MisskeyAnswer answer) =>
        answer.IsCut ? new ActionOutcome.Uncertain($"The answer (HTTP {answer.Status}) broke off.")
        : answer.IsHtml ? new ActionOutcome.Uncertain("A web page came back instead of Misskey's answer.")
        : new ActionOutcome.Done(answer.Json);

    private static ActionOutcome Refusal(string endpoint, JsonElement error, string code, MisskeyAnswer answer, DateTimeOffset now)
    {
        if (AlreadySo.Contains(endpoint, error.GetText("id"), code))
        {
            return new ActionOutcome.Done(Already: true);
        }

        switch (code)
        {
            case "RATE_LIMIT_EXCEEDED" or "BRIEF_REQUEST_INTERVAL":
                return Patience(answer, error, now);
            case "AUTHENTICATION_FAILED" or "CREDENTIAL_REQUIRED" or "YOUR_ACCOUNT_SUSPENDED" or "YOUR_ACCOUNT_MOVED":
                return new ActionOutcome.AccountRefused(code, RefusalSentence.Of(endpoint, error, code).ToString());
            default:
                return new ActionOutcome.Rejected(code, RefusalSentence.Of(endpoint, error, code).ToString());
        }
    }

    /// <summary>Calls before the deadline are refused too, and move it: so the later of both deadlines counts.</summary>
    private static ActionOutcome.RateLimited Patience(MisskeyAnswer answer, JsonElement? error, DateTimeOffset now)
    {
        var wait = answer.RetryAfter ?? TimeSpan.Zero;
        if (error?.FindObject("info")?.Find("resetMs") is { ValueKind: JsonValueKind.Number } reset && reset.TryGetDouble(out var resetMs))
        {
            var left = resetMs - (answer.Date ?? now).ToUnixTimeMilliseconds();
            wait = TimeSpan.FromMilliseconds(Math.Clamp(left, wait.TotalMilliseconds, Math.Max(wait.TotalMilliseconds, LongestPatience.TotalMilliseconds)));
        }

        return new ActionOutcome.RateLimited(
            wait < ShortestPatience ? ShortestPatience : wait > LongestPatience ? LongestPatience : wait);
    }

    private static string Unclear(MisskeyAnswer answer, string? code) =>
        code is not null ? $"Misskey failed with {Words.OneLine(code, 60)} (HTTP {answer.Status}); whether it did its work is unknown."
        : $"The answer was HTTP {answer.Status}{(answer.IsHtml ? " with a web page" : "")}; whether Misskey did its work is unknown.";
}
