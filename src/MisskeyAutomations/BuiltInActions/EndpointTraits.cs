using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>What <c>api</c> knows about endpoints: which are closed, what they draw on, whether they may be repeated.</summary>
internal static partial class EndpointTraits
{
    /// <summary>Endpoints for which asking twice is asking once, beside those that only read.</summary>
    private static readonly FrozenSet<string> Natural = FrozenSet.Create(StringComparer.Ordinal,
        "blocking/create", "blocking/delete", "clips/add-note", "clips/remove-note", "following/create", "following/delete",
        "following/invalidate", "following/requests/accept", "following/requests/cancel", "following/requests/reject", "i/pin", "i/unpin",
        "meta", "mute/create", "mute/delete", "notes/delete", "notes/favorites/create", "notes/favorites/delete", "notes/reactions/create",
        "notes/reactions/delete", "notes/show", "notes/thread-muting/create", "notes/thread-muting/delete", "ping", "renote-mute/create",
        "renote-mute/delete", "users/lists/pull", "users/lists/push", "users/notes", "users/show");

    private static readonly (string Prefix, string Budget)[] Budgets =
    [
        ("notes/create", "notes"),
        ("notes/reactions/", "reactions"),
        ("notes/favorites/", "favorites"),
        ("following/", "follows"),
        ("clips/", "clips"),
        ("mute/", "mutes"),
        ("renote-mute/", "mutes"),
        ("blocking/", "blocks"),
        ("users/lists/", "lists"),
        ("notes/delete", "deletes"),
        ("notes/unrenote", "deletes"),
        ("notifications/create", "notifications"),
        ("users/report-abuse", "reports"),
    ];

    /// <summary>
    /// Whether it is open only with <c>allow-admin: true</c>: what changes the account itself, its tokens and hooks, what deletes
    /// wholesale, and everything for administrators.
    /// </summary>
    public static bool IsClosed(string endpoint) => Closed().IsMatch(endpoint);

    /// <summary>The budget it draws on; null for none.</summary>
    public static string? BudgetOf(string endpoint) =>
        IsReading(endpoint) ? null : Array.Find(Budgets, row => endpoint.StartsWith(row.Prefix, StringComparison.Ordinal)).Budget;

    /// <summary>Whether it may be sent again while its effect is unknown.</summary>
    public static Repeat RepeatOf(string endpoint) => IsReading(endpoint) || Natural.Contains(endpoint) ? Repeat.Natural : Repeat.Never;

    private static bool IsReading(string endpoint) => Permissions.For(endpoint)?.StartsWith("read:", StringComparison.Ordinal) == true;

    [GeneratedRegex("""
        ^(
          admin(/|$) | auth/ | miauth/ | app/ | invite/ | v2/admin/ | sw/ |
          i/(update|change-|2fa/|webhooks/|import-|export-|registry/(remove|set)|move$|delete-account$|regenerate-token$|revoke-token$) |
          drive/.*delete | export- | following/update-all$ |
          reset-db$ | reset-password$ | request-reset-password$ | sign(in|up|out)
        ) | (^|/)delete-all | (^|/)(export|import)-
        """, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Closed();
}
