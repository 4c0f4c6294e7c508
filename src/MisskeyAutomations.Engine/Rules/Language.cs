namespace MisskeyAutomations.Engine.Rules;

/// <summary>The words of the rule language: those that are read, and those that a later version will read.</summary>
internal static class Language
{
    public static readonly IReadOnlyList<string> FileKeys = ["rules", "tests", "lists", "defaults"];

    public static readonly IReadOnlyList<string> RuleKeys =
        ["name", "description", "account", "enabled", "on", "include", "timezone", "let", "when", "group", "overlap", "limit", "after", "late", "do", "else", "on-error"];

    public static readonly IReadOnlyList<string> ConditionKeys = ["all", "any", "none"];

    public static readonly IReadOnlyList<string> LimitKeys = ["max", "per", "within", "over"];

    public static readonly IReadOnlyList<string> Visibilities = ["public", "home", "followers", "specified"];

    public static readonly IReadOnlyList<string> FlowSteps = ["if", "for-each", "wait", "wait-until", "wait-for", "set", "stop"];

    public static readonly IReadOnlyList<string> CommonOptions = ["as", "delivery", "continue-on-error", "allow-private"];

    public static readonly IReadOnlyList<string> Assurances = ["effectively-once", "at-most-once", "at-least-once"];

    private static HashSet<string> Words(params ReadOnlySpan<string> words)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            set.Add(word);
        }

        return set;
    }
}
