using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Misskey;

/// <summary>The sentence in an outcome that is no success.</summary>
internal static class Reasons
{
    /// <summary>Why it did not work.</summary>
    public static string Of(ActionOutcome outcome) => outcome switch
    {
        ActionOutcome.Rejected rejected => rejected.Reason,
        ActionOutcome.AccountRefused refused => refused.Reason,
        ActionOutcome.NotSent notSent => notSent.Reason,
        ActionOutcome.Uncertain uncertain => uncertain.Reason,
        ActionOutcome.RateLimited limited => $"Misskey asks for patience: {limited.RetryAfter.TotalSeconds:0} s.",
        _ => "Misskey's answer cannot be read.",
    };
}
