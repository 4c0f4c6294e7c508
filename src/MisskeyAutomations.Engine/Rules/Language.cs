namespace MisskeyAutomations.Engine.Rules;

/// <summary>The words of the rule language: those that are read, and those that a later version will read.</summary>
internal static class Language
{
    public static readonly IReadOnlyList<string> FileKeys = ["rules", "tests", "lists", "defaults"];

    public static readonly IReadOnlyList<string> RuleKeys =
        ["name", "description", "account", "enabled", "on", "include", "when", "limit", "after", "late", "do", "else"];

    public static readonly IReadOnlySet<string> FutureRuleKeys = Words("let", "group", "overlap", "on-error");

    public static readonly IReadOnlyList<string> ConditionKeys = ["all", "any", "none"];

    public static readonly IReadOnlyList<string> LimitKeys = ["max", "per", "within"];

    public static readonly IReadOnlySet<string> FutureLimitKeys = Words("over");

    public static readonly IReadOnlyList<string> Visibilities = ["public", "home", "followers", "specified"];

    public static readonly IReadOnlyList<string> FlowSteps = ["if", "wait", "stop"];

    public static readonly IReadOnlySet<string> FutureSteps = Words(
        "for-each", "wait-until", "wait-for", "reply", "note", "quote", "renote", "dm", "react", "unreact", "follow", "unfollow",
        "remove-follower", "accept-request", "reject-request", "mute", "unmute", "renote-mute", "block", "unblock", "favorite", "clip",
        "pin", "unpin", "delete", "add-to-list", "remove-from-list", "notify", "report", "upload", "api", "http", "log", "set");

    public static readonly IReadOnlyList<string> CommonOptions = ["as", "continue-on-error", "allow-private"];

    public static readonly IReadOnlySet<string> FutureOptions = Words(
        "delivery", "poll", "files", "channel", "cw", "visibility", "local-only", "expires", "header", "icon", "comment", "method",
        "headers", "body", "per", "level", "from", "to");

    public static readonly IReadOnlyList<string> LaterFunctions = ["state"];

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
