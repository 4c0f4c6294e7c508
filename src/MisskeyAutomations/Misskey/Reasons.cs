using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Misskey;

/// <summary>The sentence in an outcome that is no success.</summary>
internal static class Reasons
{
    /// <summary>Why it did not work, to be told in the reader's language.</summary>
    public static Phrase Told(ActionOutcome outcome) => outcome is ActionOutcome.RateLimited { RetryAfter: var rest }
        ? Phrase.Of($"Misskey asks for patience: {rest.TotalSeconds:0} s.") : Told(Of(outcome));

    /// <summary>A sentence of an outcome, to be told in the reader's language; one that holds what Misskey said stays as it is.</summary>
    public static Phrase Told(string sentence) => sentence;

    /// <summary>Why it did not work, as logs and runs keep it.</summary>
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
