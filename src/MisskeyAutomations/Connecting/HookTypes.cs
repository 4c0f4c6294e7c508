using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Connecting;

/// <summary>Which event types an account's webhook is for.</summary>
internal static class HookTypes
{
    /// <summary>Tells of the account's own notes: that is how what was sent, and never confirmed, is found.</summary>
    private const string OwnNotes = "note";

    /// <summary>Those that the rules start on or wait for, and the account's own notes. <c>reaction</c> never: Misskey takes it and sends nothing.</summary>
    public static IReadOnlyList<string> For(RuleSet rules, string account)
    {
        var served = rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account)).ToArray();
        string[] waitedFor = served.Any(rule => rule.Branches.Any(Waits)) ? ["mention", "reply"] : [];
        var started = served.SelectMany(rule => rule.Triggers).Where(trigger => EventTypes.Find(trigger)?.Origin == EventOrigin.Webhook);
        return [.. started.Concat(waitedFor).Append(OwnNotes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether both are for the same types.</summary>
    public static bool AreSame(IReadOnlyList<string> types, IReadOnlyList<string> others) => types.ToHashSet(StringComparer.Ordinal).SetEquals(others);

    private static bool Waits(IEnumerable<StepNode> steps) => steps.Any(step => step switch
    {
        StepNode.WaitFor => true,
        StepNode.If fork => Waits(fork.Then) || Waits(fork.Else),
        StepNode.ForEach loop => Waits(loop.Do),
        _ => false,
    });
}
