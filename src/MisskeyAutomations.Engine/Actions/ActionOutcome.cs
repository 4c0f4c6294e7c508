using System.Text.Json;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>What became of a sent intent. The state machine of runs decides by it what comes next.</summary>
public abstract record ActionOutcome
{
    private ActionOutcome()
    {
    }

    /// <summary>The effect is there.</summary>
    /// <param name="Answer">The answer's JSON for <c>as:</c>; null when there is none.</param>
    /// <param name="Already">Whether it had been there before (<c>ALREADY_FOLLOWING</c>): no effect of this step.</param>
    public sealed record Done(JsonElement? Answer = null, bool Already = false) : ActionOutcome;

    /// <summary>Nothing left this machine, or the server said that it did nothing for now: the same request may be sent again.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record NotSent(string Reason) : ActionOutcome;

    /// <summary>The server refused for good.</summary>
    /// <param name="Code">Misskey's error code, such as <c>NO_SUCH_NOTE</c>.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Rejected(string Code, string Reason) : ActionOutcome;

    /// <summary>The server asks for patience; nothing was done. Does not count as an attempt.</summary>
    /// <param name="RetryAfter">How long to leave this endpoint alone, at least 1 s.</param>
    public sealed record RateLimited(TimeSpan RetryAfter) : ActionOutcome;

    /// <summary>The account itself is refused: revoked token, suspension, move. The account pauses. (A missing permission rejects one step only.)</summary>
    /// <param name="Code">Misskey's error code.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record AccountRefused(string Code, string Reason) : ActionOutcome;

    /// <summary>The request was sent and its effect is unknown.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Uncertain(string Reason) : ActionOutcome
    {
        /// <summary>Whether the server said that it is at work on the very same request: asked again with the same bytes it tells what became of it.</summary>
        public bool IsAtWork { get; init; }
    }
}
