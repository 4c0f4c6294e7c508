using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox.Model;

/// <summary>
/// A local account of the sandbox. Properties show the present state; they change while people act.
/// Read collections through <see cref="SandboxWorld"/>, which copies them under its lock.
/// </summary>
public sealed class Account
{
    internal Account(string id, string username, string token, string avatarUrl, DateTimeOffset createdAt)
    {
        Id = id;
        Username = username;
        Token = token;
        AvatarUrl = avatarUrl;
        CreatedAt = createdAt;
    }

    /// <summary>16 characters, sortable by time of making.</summary>
    public string Id { get; }

    public string Username { get; }

    /// <summary>The display name; null when none was chosen.</summary>
    public string? Name { get; internal set; }

    public string? Description { get; internal set; }

    public bool IsBot { get; internal set; }

    /// <summary>Whether followers must be accepted first.</summary>
    public bool IsLocked { get; internal set; }

    public bool IsSuspended { get; internal set; }

    /// <summary>The native token of 16 characters, which may do everything.</summary>
    public string Token { get; }

    public string AvatarUrl { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>When the account last posted or changed its profile; null before that.</summary>
    public DateTimeOffset? UpdatedAt { get; internal set; }

    public int NotesCount { get; internal set; }

    public int FollowersCount => Followers.Count;

    public int FollowingCount => Following.Count;

    // The dictionaries keep the order in which their entries were added, which is the order of their ids.

    /// <summary>Who this account follows, by their id.</summary>
    internal OrderedDictionary<string, Follow> Following { get; } = new(StringComparer.Ordinal);

    /// <summary>Who follows this account, by their id.</summary>
    internal OrderedDictionary<string, Follow> Followers { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, FollowRequest> RequestsSent { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, FollowRequest> RequestsReceived { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, Relation> Muting { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, Relation> RenoteMuting { get; } = new(StringComparer.Ordinal);

    internal OrderedDictionary<string, Relation> Blocking { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> MutedThreads { get; } = new(StringComparer.Ordinal);

    /// <summary>This account's notes, oldest first.</summary>
    internal List<Note> Notes { get; } = [];

    internal List<Note> Pinned { get; } = [];

    /// <summary>By the id of the note.</summary>
    internal OrderedDictionary<string, Favourite> Favourites { get; } = new(StringComparer.Ordinal);

    internal List<Webhook> Webhooks { get; } = [];

    /// <summary>Notifications, oldest first; only the newest 500 are kept.</summary>
    internal List<Notification> Notifications { get; } = [];

    internal int UnreadNotifications { get; set; }

    public override string ToString() => "@" + Username;
}

/// <summary>One account follows another.</summary>
internal sealed record Follow(string Id, DateTimeOffset CreatedAt, Account Follower, Account Followee, bool WithReplies);

/// <summary>A request to follow a locked account, not answered yet.</summary>
internal sealed record FollowRequest(string Id, Account Follower, Account Followee, bool WithReplies);

/// <summary>A note that an account marked for itself.</summary>
internal sealed record Favourite(string Id, DateTimeOffset CreatedAt, Note Note);

/// <summary>A mute, renote mute or block.</summary>
internal sealed record Relation(string Id, DateTimeOffset CreatedAt, Account Target)
{
    /// <summary>When a mute ends; null for one that lasts.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>
/// A secret that acts as an account. <paramref name="Kinds"/> is null for the native token; otherwise it lists the
/// permission kinds (such as <c>write:notes</c>) that the user granted to the app.
/// </summary>
internal sealed record AccessToken(Account Account, IReadOnlySet<string>? Kinds);
