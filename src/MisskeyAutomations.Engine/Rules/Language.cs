namespace MisskeyAutomations.Engine.Rules;

/// <summary>The words of the rule language.</summary>
internal static class Language
{
    public static readonly IReadOnlyList<string> FileKeys = KeyTable.OfFile.Names();

    public static readonly IReadOnlyList<string> RuleKeys = KeyTable.OfRule.Names();

    public static readonly IReadOnlyList<string> ConditionKeys = KeyTable.OfCondition.Names();

    public static readonly IReadOnlyList<string> LimitKeys = KeyTable.OfLimit.Names();

    public static readonly IReadOnlyList<string> Visibilities = ["public", "home", "followers", "specified"];

    public static readonly IReadOnlyList<string> FlowSteps = [.. KeyTable.OfFlow.Select(row => row.Name)];

    public static readonly IReadOnlyList<string> CommonOptions = KeyTable.OfEveryStep.Names();

    public static readonly IReadOnlyList<string> Assurances = ["effectively-once", "at-most-once", "at-least-once"];
}
