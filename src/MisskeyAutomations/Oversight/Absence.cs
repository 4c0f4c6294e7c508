using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>Why rules were not even asked about an event: told from the rules as they stand now.</summary>
internal static class Absence
{
    /// <summary>The rules that start on such events and were not asked, with the reason, in file order.</summary>
    public static IReadOnlyList<(Rule Rule, Phrase Because)> Of(RecordedEvent recorded, RuleSet rules) => !recorded.WereRulesAsked ? []
        : [.. rules.Rules
            .Where(rule => StartsOn(rule, recorded) && recorded.Verdicts.All(verdict => verdict.Rule != rule.Name))
            .Select(rule => (rule, Explain(recorded, rule)))];

    /// <summary>How many rules start on other events only; 0 where no rule was asked.</summary>
    public static int CountOthers(RecordedEvent recorded, RuleSet rules) => !recorded.WereRulesAsked ? 0
        : rules.Rules.Count(rule => !StartsOn(rule, recorded) && recorded.Verdicts.All(verdict => verdict.Rule != rule.Name));

    /// <summary>Why a rule without a verdict was not asked.</summary>
    public static Phrase Explain(RecordedEvent recorded, Rule rule)
    {
        if (!recorded.WereRulesAsked)
        {
            return Phrase.Of("no rule was asked about this event");
        }

        if (!StartsOn(rule, recorded))
        {
            return recorded.Happening?.ForRule is { } other && IsOfClock(rule)
                ? Phrase.Of($"this is a time of the rule '{other}'")
                : Phrase.Of($"it starts on {string.Join(", ", rule.Triggers.Distinct(StringComparer.Ordinal))}; the event is {string.Join(" + ", TypesOf(recorded))}");
        }

        if (rule.Accounts.Count > 0 && !rule.Accounts.Contains(recorded.Account, StringComparer.Ordinal))
        {
            return Phrase.Of($"it serves {string.Join(", ", rule.Accounts)}; the event came to {recorded.Account}");
        }

        return rule.Mode == RuleMode.Disabled
            ? Phrase.Of("it was not in force when the event was decided, and says `enabled: false` now")
            : Phrase.Of("it was not in force when the event was decided: it was added or changed later");
    }

    private static bool StartsOn(Rule rule, RecordedEvent recorded) => recorded.Happening?.ForRule is { } name ? rule.Name == name
        : rule.Triggers.Intersect(TypesOf(recorded), StringComparer.Ordinal).Any();

    private static bool IsOfClock(Rule rule) => rule.Triggers.Contains(EventTypes.Cron.Name, StringComparer.Ordinal);

    private static IReadOnlyList<string> TypesOf(RecordedEvent recorded) => recorded.Happening?.Types ?? [recorded.Type ?? ""];
}
