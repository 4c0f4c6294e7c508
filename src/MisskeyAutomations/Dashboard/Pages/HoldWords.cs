using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Oversight;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>What keeps an account from acting, in words and at a glance.</summary>
internal static class HoldWords
{
    /// <summary>In words.</summary>
    public static Phrase Of(AccountOverview account) => account switch
    {
        { Hold: AccountHold.Paused, Reason: { } refusal } => Phrase.Of($"You paused it; its events are still accepted. Misskey refuses it as well: {Reasons.Told(refusal)}"),
        { Hold: AccountHold.Paused } => "You paused it; its events are still accepted.",
        { Hold: AccountHold.Refused } => Phrase.Of($"Misskey refuses it: {Reasons.Told(account.Reason ?? "")}"),
        { Hold: AccountHold.ServerLost } => "Its server does not answer; what is to be sent there waits.",
        { Hold: AccountHold.StreamLost } => Phrase.Of($"Its stream is not heard: {Reasons.Told(account.Reason ?? "")}"),
        _ => "All is well.",
    };

    /// <summary>The class of its tag: what a person ordered is no fault.</summary>
    public static string TagOf(AccountOverview account) => account switch
    {
        { Hold: AccountHold.None } => "good",
        { Hold: AccountHold.Paused, Reason: null } => "warn",
        _ => "bad",
    };
}
