using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>What <c>api</c> knows about endpoints: which are closed, what they draw on, whether they may be repeated.</summary>
internal static partial class EndpointTraits
{
    /// <summary>Endpoints for which asking twice is asking once, beside those that only read.</summary>
    private static readonly FrozenSet<string> Natural = FrozenSet.Create(StringComparer.Ordinal,
        "blocking/create", "blocking/delete", "clips/add-note", "clips/remove-note", "following/create", "following/delete",
        "following/invalidate", "following/requests/accept", "following/requests/cancel", "following/requests/reject", "i/pin", "i/unpin",
        "mute/create", "mute/delete", "notes/delete", "notes/favorites/create", "notes/favorites/delete", "notes/reactions/create",
        "notes/reactions/delete", "notes/thread-muting/create", "notes/thread-muting/delete", "renote-mute/create", "renote-mute/delete",
        "users/lists/pull", "users/lists/push");

    /// <summary>Endpoints that need no permission, take no token or another's, and yet do something.</summary>
    private static readonly FrozenSet<string> Acting = FrozenSet.Create(StringComparer.Ordinal,
        "bubble-game/register", "federation/update-remote-user", "reset-db", "reset-password", "request-reset-password", "test");

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

    /// <summary>What rules are told about endpoints when they load.</summary>
    /// <param name="allowAdmin">Whether the configuration opens those that change the account or its server.</param>
    public static EndpointCatalogue Catalogue(bool allowAdmin) => new()
    {
        Names = EndpointTable.Names,
        Find = EndpointTable.Find,
        Refusal = RefusalOf,
        NeedsAdmin = endpoint => !allowAdmin && NeedsAdmin(endpoint),
        ParameterRefusal = RefusalOf,
    };

    /// <summary>
    /// Why no rule may ever call it, whatever the configuration says: it hands out or takes away the account, its tokens or its hooks,
    /// or the server refuses it to every token of an app. A sentence without its full stop; null when it may be called.
    /// </summary>
    public static Phrase? RefusalOf(string endpoint) =>
        Forbidden().IsMatch(endpoint) ? "it could give the account away, lock its owner out or end it"
        : EndpointTable.IsSecure(endpoint) ? "Misskey refuses it to the tokens of apps"
        : EndpointTable.TakesFile(endpoint) ? "it takes the contents of a file; write upload: URL"
        : null;

    /// <summary>
    /// Whether it is open only with <c>allow-admin: true</c>: what changes the account itself, what deletes wholesale, and everything
    /// for moderators and administrators.
    /// </summary>
    public static bool NeedsAdmin(string endpoint) => Closed().IsMatch(endpoint) || EndpointTable.IsForModerators(endpoint);

    /// <summary>Why a rule may not give a parameter; a sentence without its full stop, null when it may.</summary>
    public static Phrase? RefusalOf(string endpoint, string parameter) => (endpoint, parameter) switch
    {
        (_, "i") => "the token is the account's own, and the engine adds it",
        (NoteDraft.Endpoint, "replyId" or "renoteId") =>
            "answers and renotes are written with reply:, quote: and renote:, which keep them as private as what they answer",
        _ => null,
    };

    /// <summary>The budget it draws on; null for none.</summary>
    public static string? BudgetOf(string endpoint) =>
        IsReading(endpoint) ? null : Array.Find(Budgets, row => endpoint.StartsWith(row.Prefix, StringComparison.Ordinal)).Budget;

    /// <summary>Whether it may be sent again while its effect is unknown.</summary>
    public static Repeat RepeatOf(string endpoint) => IsReading(endpoint) || Natural.Contains(endpoint) ? Repeat.Natural : Repeat.Never;

    // What needs a permission to read, and what anybody may call without a token at all.
    private static bool IsReading(string endpoint) => EndpointTable.PermissionOf(endpoint) is { } permission
        ? permission.StartsWith("read:", StringComparison.Ordinal)
        : EndpointTable.Has(endpoint) && !Acting.Contains(endpoint) && RefusalOf(endpoint) is null && !NeedsAdmin(endpoint);

    [GeneratedRegex("""
        ^(
          (auth|miauth|app|sw)/ |
          i/(regenerate-token|delete-account|revoke-token|move|update-email|apps|authorized-apps)$ |
          i/(change-|2fa/|webhooks/) |
          (reset-db|reset-password|request-reset-password)$ |
          sign(in|up|out)
        )
        """, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Forbidden();

    [GeneratedRegex("""
        ^(
          admin(/|$) | invite/ | v2/admin/ | i/(update|import-|export-|registry/(remove|set)) | drive/.*delete | export- | following/update-all$
        ) | (^|/)delete-all | (^|/)(export|import)-
        """, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Closed();
}
