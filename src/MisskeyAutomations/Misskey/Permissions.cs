using System.Collections.Frozen;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Misskey;

/// <summary>Which permission each endpoint needs, and what Misskey's settings call it.</summary>
internal static class Permissions
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["read:account"] = "View your account information",
        ["write:account"] = "Edit your account information",
        ["read:blocks"] = "View your list of blocked users",
        ["write:blocks"] = "Edit your list of blocked users",
        ["read:channels"] = "View your channels",
        ["write:channels"] = "Edit your channels",
        ["read:drive"] = "Access your Drive files and folders",
        ["write:drive"] = "Edit or delete your Drive files and folders",
        ["read:favorites"] = "View your list of favorites",
        ["write:favorites"] = "Edit your list of favorites",
        ["read:following"] = "View information on who you follow",
        ["write:following"] = "Follow or unfollow other accounts",
        ["read:mutes"] = "View your list of muted users",
        ["write:mutes"] = "Edit your list of muted users",
        ["write:notes"] = "Compose or delete notes",
        ["read:notifications"] = "View your notifications",
        ["write:notifications"] = "Manage your notifications",
        ["write:reactions"] = "Edit your reactions",
        ["write:votes"] = "Vote on a poll",
        ["write:report-abuse"] = "Report violations",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those that Misskey's settings call by a name that is known here.</summary>
    public static IEnumerable<string> Titled => Titles.Keys.Order(StringComparer.Ordinal);

    /// <summary>The permission that an endpoint needs; null when it needs none or is unknown.</summary>
    public static string? For(string endpoint) => EndpointTable.PermissionOf(endpoint);

    /// <summary>What Misskey's settings call a permission; null for one that is rarely needed.</summary>
    public static string? TitleOf(string permission) => Titles.GetValueOrDefault(permission);

    /// <summary>What to do about a token that lacks the permission for an endpoint.</summary>
    public static Phrase MissingFor(string endpoint)
    {
        if (For(endpoint) is not { } permission)
        {
            return Phrase.Of($"The account's token lacks the permission for {endpoint}. Make a new one in Misskey under Settings > API.");
        }

        var title = TitleOf(permission) is { } known ? $"\"{known}\" ({permission})" : permission;
        return Phrase.Of($"The account's token lacks the permission {permission}. Make a new one in Misskey under Settings > API and tick {title}.");
    }
}
