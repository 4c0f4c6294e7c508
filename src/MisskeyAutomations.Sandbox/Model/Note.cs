namespace MisskeyAutomations.Sandbox.Model;

/// <summary>Who may see a note; on the wire in lower case.</summary>
public enum NoteVisibility
{
    Public,
    Home,
    Followers,
    Specified,
}

/// <summary>A note of the sandbox. Counts and reactions change while people act.</summary>
public sealed class Note
{
    internal Note(string id, DateTimeOffset createdAt, Account author)
    {
        Id = id;
        CreatedAt = createdAt;
        Author = author;
    }

    public string Id { get; }

    public DateTimeOffset CreatedAt { get; }

    public Account Author { get; }

    /// <summary>Null for a pure renote and for a note of files only.</summary>
    public string? Text { get; internal init; }

    public string? Cw { get; internal init; }

    public NoteVisibility Visibility { get; internal init; }

    public bool LocalOnly { get; internal init; }

    public string? ReactionAcceptance { get; internal init; }

    public Note? Reply { get; internal init; }

    public Note? Renote { get; internal init; }

    public Channel? Channel { get; internal init; }

    public IReadOnlyList<DriveFile> Files { get; internal init; } = [];

    public Poll? Poll { get; internal init; }

    /// <summary>Who a specified note is addressed to; empty for every other visibility.</summary>
    public IReadOnlyList<string> VisibleUserIds { get; internal init; } = [];

    /// <summary>Ids of the mentioned accounts: those in the text, the author replied to, the addressees.</summary>
    public IReadOnlyList<string> Mentions { get; internal init; } = [];

    /// <summary>Hashtags, NFKC and lower case, as Misskey keeps them.</summary>
    public IReadOnlyList<string> Tags { get; internal init; } = [];

    public int RenoteCount { get; internal set; }

    public int RepliesCount { get; internal set; }

    public int ClippedCount { get; internal set; }

    /// <summary>The first note of the thread; null for one that starts a thread.</summary>
    internal string? ThreadId { get; init; }

    /// <summary>The thread under which mutes are kept.</summary>
    internal string Thread => ThreadId ?? Id;

    /// <summary>Whether it repeats another note and adds nothing.</summary>
    public bool IsPureRenote => Renote is not null && Text is null && Cw is null && Reply is null && Files.Count == 0 && Poll is null;

    internal List<Note> Replies { get; } = [];

    internal List<Note> Renotes { get; } = [];

    /// <summary>Reactions in order of making, one per account.</summary>
    internal List<Reaction> Reactions { get; } = [];
}

/// <summary>A reaction; <see cref="Type"/> is an emoji or <c>:name:</c> of a local custom one.</summary>
public sealed record Reaction(string Id, DateTimeOffset CreatedAt, Account User, string Type);

public sealed record Channel(string Id, string Name, Account Owner);

/// <summary>A file of the drive. The sandbox keeps what describes it, not its bytes.</summary>
public sealed record DriveFile(string Id, DateTimeOffset CreatedAt, Account Owner, string Name, string Type, string Md5, long Size)
{
    public bool IsSensitive { get; init; }

    public string? Comment { get; init; }

    /// <summary>Where the file would be served.</summary>
    public required string Url { get; init; }
}

/// <summary>A poll; <see cref="Votes"/> runs parallel to <see cref="Choices"/>.</summary>
public sealed record Poll(bool Multiple, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Choices)
{
    internal HashSet<string>[] Voters { get; } = [.. Choices.Select(_ => new HashSet<string>(StringComparer.Ordinal))];

    public IReadOnlyList<int> Votes => [.. Voters.Select(voters => voters.Count)];
}

public sealed record Clip(string Id, DateTimeOffset CreatedAt, Account Owner, string Name, string? Description, bool IsPublic)
{
    internal List<Note> Contents { get; } = [];
}

public sealed record UserList(string Id, DateTimeOffset CreatedAt, Account Owner, string Name)
{
    internal List<Account> Members { get; } = [];
}

/// <summary>Catches the public notes of others that have one of its words, whatever the case.</summary>
public sealed record Antenna(string Id, DateTimeOffset CreatedAt, Account Owner, string Name, IReadOnlyList<string> Words)
{
    internal bool Catches(Note note) => note.Visibility is NoteVisibility.Public && note.Author != Owner
        && Words.Any(word => note.Text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || note.Cw?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
}

/// <summary>
/// What the account sees under its bell: follow, mention, reply, renote, quote, reaction, receiveFollowRequest,
/// followRequestAccepted, pollEnded, app. The fields that its type does not use are null.
/// </summary>
public sealed record Notification(string Id, DateTimeOffset CreatedAt, string Type)
{
    public Account? User { get; init; }

    public Note? Note { get; init; }

    public string? Reaction { get; init; }

    public string? Body { get; init; }

    public string? Header { get; init; }

    public string? Icon { get; init; }
}

/// <summary>A report that reached the moderators.</summary>
public sealed record AbuseReport(string Id, DateTimeOffset CreatedAt, Account Reporter, Account Target, string Comment);
