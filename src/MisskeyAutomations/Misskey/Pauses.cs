using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Misskey;

/// <summary>How long the loops of this folder wait before they ask again what could not be answered.</summary>
internal static class Pauses
{
    /// <summary>
    /// What the server asked for; ten minutes for what only a person can mend; otherwise 5 s, doubled by each attempt, to 5 min.
    /// </summary>
    public static TimeSpan After(ActionOutcome outcome, int attempt) => outcome switch
    {
        ActionOutcome.RateLimited limited => limited.RetryAfter,
        ActionOutcome.AccountRefused or ActionOutcome.Rejected => TimeSpan.FromMinutes(10),
        _ => TimeSpan.FromSeconds(Math.Min(300, 5 * Math.Pow(2, Math.Min(attempt, 10)))),
    };
}
