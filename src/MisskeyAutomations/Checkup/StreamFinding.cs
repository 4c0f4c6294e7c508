using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Checkup;

/// <summary>Whether an account hears its stream, as the engine knows.</summary>
internal static class StreamFinding
{
    /// <summary>How the stream of an account stands.</summary>
    /// <param name="account">The account, which is streamed.</param>
    /// <param name="standing">What the engine says of it; null when it does not listen.</param>
    public static Finding Of(Account account, StreamStanding? standing)
    {
        if (standing is null)
        {
            return Finding.Bad("stream", $"The running engine does not listen to its stream. Ask again in a minute; if it stays so, its log says why.");
        }

        var since = standing.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return standing.Trouble is { } trouble
            ? Finding.Bad("stream", $"It has not heard its stream since {since}: {Reasons.Told(trouble)} The engine connects again by itself, and catches up then.")
            : account.Source is AccountSource.Streaming ? Finding.Good("stream", $"It has heard its stream since {since}; it needs no webhook.")
            : Finding.Good("stream", $"It has heard its stream since {since}.");
    }
}

/// <summary>How a stream stands.</summary>
/// <param name="Since">Since when it is so.</param>
/// <param name="Trouble">Why it is not heard; null when it is.</param>
internal sealed record StreamStanding(DateTimeOffset Since, string? Trouble);
