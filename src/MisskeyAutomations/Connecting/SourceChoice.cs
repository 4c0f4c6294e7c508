using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Connecting;

/// <summary>How the events of a connected account come: by a webhook where it has one, and by its stream where there is none or the rules ask for more.</summary>
internal static class SourceChoice
{
    /// <summary>What rules start on that no webhook tells, or none at once.</summary>
    public static IReadOnlyList<string> Streamed(RuleSet rules, string account) =>
    [
        .. rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account)).SelectMany(rule => rule.Triggers)
            .Where(trigger => EventTypes.IsPlace(trigger) || EventTypes.Find(trigger)?.Origin == EventOrigin.Notifications)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The source of an account whose webhook we look after.</summary>
    public static AccountSource WithHook(RuleSet rules, string account) => Streamed(rules, account).Count > 0 ? AccountSource.Both : AccountSource.Webhook;

    /// <summary>What a source is called.</summary>
    public static Phrase WordOf(AccountSource source) => source switch
    {
        AccountSource.Streaming => "streaming",
        AccountSource.Both => "streaming and webhook",
        _ => "webhook",
    };
}
