namespace MisskeyAutomations.Sandbox.Model;

/// <summary>What somebody asks to be posted: the parameters of <c>notes/create</c>, after validation of their form.</summary>
public sealed record NoteDraft
{
    /// <summary>At most 3000 code points; blanks around it are cut off.</summary>
    public string? Text { get; init; }

    public string? Cw { get; init; }

    public NoteVisibility Visibility { get; init; }

    /// <summary>Ids of the addressees of a specified note; unknown ones are passed over in silence.</summary>
    public IReadOnlyList<string> VisibleUserIds { get; init; } = [];

    public bool LocalOnly { get; init; }

    public string? ReactionAcceptance { get; init; }

    public bool NoExtractMentions { get; init; }

    public bool NoExtractHashtags { get; init; }

    public string? ReplyId { get; init; }

    public string? RenoteId { get; init; }

    public string? ChannelId { get; init; }

    public IReadOnlyList<string> FileIds { get; init; } = [];

    public PollDraft? Poll { get; init; }
}

/// <summary>A poll to be attached; <see cref="ExpiredAfter"/> counts only when <see cref="ExpiresAt"/> is null.</summary>
public sealed record PollDraft(IReadOnlyList<string> Choices)
{
    public bool Multiple { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public TimeSpan? ExpiredAfter { get; init; }
}
