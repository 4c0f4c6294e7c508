namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// What rules can read: the objects of webhooks as recorded from real servers, the fields that one look-up brings,
/// and the computed ones. The type checker, the docs and the editor schema are made from it.
/// </summary>
public static class Schema
{
    /// <summary>A person. Fields beyond the twelve of every webhook are looked up at first use.</summary>
    public static readonly Shape.ObjectShape User = new("user");

    /// <summary>A note.</summary>
    public static readonly Shape.ObjectShape Note = new("note");

    /// <summary>The account's own user.</summary>
    public static readonly Shape.ObjectShape Me = new("me");

    /// <summary>The event itself.</summary>
    public static readonly Shape.ObjectShape Event = new("event");

    /// <summary>A file of a note.</summary>
    public static readonly Shape.ObjectShape File = new("file");

    /// <summary>What another server answered to <c>http</c>.</summary>
    public static readonly Shape.ObjectShape Response = new("response");

    /// <summary>A poll of a note.</summary>
    public static readonly Shape.ObjectShape Poll = new("poll");

    /// <summary>The channel that a note was posted in.</summary>
    public static readonly Shape.ObjectShape Channel = new("channel");

    /// <summary>Why a run failed, as <c>on-error</c> sees it.</summary>
    public static readonly Shape.ObjectShape Error = new("error");

    /// <summary>A reply that a run waited for.</summary>
    public static readonly Shape.ObjectShape Reply = new("reply");

    /// <summary>A report to the moderators.</summary>
    public static readonly Shape.ObjectShape Report = new("report");

    /// <summary>An object of which nothing is known.</summary>
    public static readonly Shape.ObjectShape Open = new("body", Open: true);

    static Schema()
    {
        DescribeUser();
        DescribeNote();
        DescribeTheRest();
        DescribeReports();
    }

    private static void DescribeUser()
    {
        ReadOnlySpan<Property> lite =
        [
            new("id", Shape.Text, "the user's id"),
            new("name", Shape.Text, "the display name; the username when there is none") { Compute = ComputedFields.Name },
            new("username", Shape.Text, "the name after @"),
            new("host", Shape.Text, "the other server's host; null for people of this server"),
            new("acct", Shape.Text, "name, or name@host for people of other servers") { Compute = ComputedFields.Acct },
            new("isLocal", Shape.Boolean, "whether they are on this server") { Compute = ComputedFields.IsLocal },
            new("avatarUrl", Shape.Text, "the avatar's address"),
            new("isBot", Shape.Boolean, "whether the account is marked as a bot"),
            new("isCat", Shape.Boolean, "whether the account is marked as a cat"),
            new("onlineStatus", Shape.Text, "online, active, offline or unknown"),
            new("emojis", Open, "custom emoji in the name, by name"),
            new("badgeRoles", Shape.List(Open), "roles shown as badges"),
            new("instance", Open, "the other server: name, softwareName, softwareVersion …; null for local people"),
        ];
        User.With(lite).With(
            Shown("createdAt", Shape.Text, "when the account was made, ISO 8601"),
            Shown("description", Shape.Text, "the profile text"),
            Shown("location", Shape.Text, "the profile's location"),
            Shown("birthday", Shape.Text, "yyyy-MM-dd"),
            Shown("lang", Shape.Text, "the profile's language"),
            Shown("url", Shape.Text, "the profile's address on its own server"),
            Shown("fields", Shape.List(Open), "the profile's extra lines: name, value"),
            Shown("isLocked", Shape.Boolean, "whether followers need approval"),
            Shown("isSilenced", Shape.Boolean, "whether moderators silenced the account"),
            Shown("isSuspended", Shape.Boolean, "whether the account is suspended"),
            Shown("followersCount", Shape.Number, "number of followers"),
            Shown("followingCount", Shape.Number, "number of followed people"),
            Shown("notesCount", Shape.Number, "number of notes"),
            Shown("roles", Shape.List(Open), "public roles"),
            Shown("updatedAt", Shape.Text, "when the profile was last changed, ISO 8601"),
            Shown("bannerUrl", Shape.Text, "the banner's address"),
            Shown("movedTo", Shape.Text, "address of the account they moved to"),
            Shown("alsoKnownAs", Shape.List(Shape.Text), "addresses of their other accounts"),
            Shown("publicReactions", Shape.Boolean, "whether everybody sees their reactions"),
            Shown("pinnedNoteIds", Shape.List(Shape.Text), "ids of their pinned notes"),
            Shown("pinnedNotes", Shape.List(Note), "their pinned notes"),
            Shown("verifiedLinks", Shape.List(Shape.Text), "links that were verified as theirs"),
            Shown("memo", Shape.Text, "my own memo about them"),
            Related("isFollowing", "whether I follow them"),
            Related("isFollowed", "whether they follow me"),
            Related("hasPendingFollowRequestFromYou", "whether my follow request waits"),
            Related("hasPendingFollowRequestToYou", "whether their follow request waits"),
            Related("isBlocking", "whether I block them"),
            Related("isBlocked", "whether they block me"),
            Related("isMuted", "whether I mute them"),
            Related("isRenoteMuted", "whether I mute their renotes"));
    }

    private static void DescribeNote()
    {
        Note.With(
            new("id", Shape.Text, "the note's id"),
            new("createdAt", Shape.Text, "when it was posted, ISO 8601"),
            new("userId", Shape.Text, "its author's id"),
            new("user", User, "its author"),
            new("text", Shape.Text, "its text as written; null when there is none"),
            new("said", Shape.Text, "its text without leading mentions, trimmed, never null") { Compute = ComputedFields.Said },
            new("cw", Shape.Text, "its content warning"),
            new("visibility", Shape.Text, "public, home, followers or specified"),
            new("localOnly", Shape.Boolean, "whether it stays on this server"),
            new("isReply", Shape.Boolean, "whether it answers a note") { Compute = ComputedFields.IsReply },
            new("isQuote", Shape.Boolean, "whether it quotes a note") { Compute = ComputedFields.IsQuote },
            new("isHidden", Shape.Boolean, "whether its text was withheld"),
            new("url", Shape.Text, "its address") { Compute = ComputedFields.Url },
            new("reactionAcceptance", Shape.Text, "which reactions it takes; null for all"),
            new("renoteCount", Shape.Number, "number of renotes"),
            new("repliesCount", Shape.Number, "number of replies"),
            new("reactionCount", Shape.Number, "number of reactions"),
            new("clippedCount", Shape.Number, "number of clips it is in"),
            new("reactions", Open, "counts by reaction"),
            new("fileIds", Shape.List(Shape.Text), "ids of its files"),
            new("files", Shape.List(File), "its files"),
            new("tags", Shape.List(Shape.Text), "its hashtags in lower case, without #"),
            new("mentions", Shape.List(Shape.Text), "ids of the mentioned people"),
            new("visibleUserIds", Shape.List(Shape.Text), "ids of the recipients of a specified note"),
            new("replyId", Shape.Text, "id of the note it answers"),
            new("renoteId", Shape.Text, "id of the note it renotes or quotes"),
            new("reply", Note, "the note it answers"),
            new("renote", Note, "the note it renotes or quotes"),
            new("poll", Poll, "its poll"),
            new("uri", Shape.Text, "its address on its own server; null for notes of this server"),
            new("myReaction", Shape.Text, "my own reaction to it, where an answer of the API says it"),
            new("channelId", Shape.Text, "id of its channel"),
            new("channel", Channel, "its channel"));
    }

    private static void DescribeTheRest()
    {
        Me.With(
            new("id", Shape.Text, "my user id"),
            new("name", Shape.Text, "my display name; the username when there is none") { Compute = ComputedFields.Name, Enrichment = LookupKind.UserShow },
            Shown("username", Shape.Text, "my name after @"),
            Shown("followersCount", Shape.Number, "number of my followers"),
            Shown("followingCount", Shape.Number, "number of people I follow"),
            Shown("notesCount", Shape.Number, "number of my notes"));
        File.With(
            new("id", Shape.Text, "the file's id"),
            new("name", Shape.Text, "file name"),
            new("type", Shape.Text, "media type, such as image/png"),
            new("size", Shape.Number, "bytes"),
            new("isSensitive", Shape.Boolean, "whether it is marked sensitive"),
            new("url", Shape.Text, "its address"),
            new("thumbnailUrl", Shape.Text, "its thumbnail's address"),
            new("comment", Shape.Text, "its description"),
            new("md5", Shape.Text, "its checksum"),
            new("folderId", Shape.Text, "id of its folder"),
            new("createdAt", Shape.Text, "when it was uploaded"));
        Response.With(
            new("status", Shape.Number, "the HTTP status, 200 to 299"),
            new("headers", Open, "the headers by name in lower case"),
            new("body", Shape.Any, "what was answered: parsed where it is JSON, else text"));
        Poll.With(
            new("multiple", Shape.Boolean, "whether several choices are allowed"),
            new("expiresAt", Shape.Text, "when it ends"),
            new("choices", Shape.List(Open), "its choices: text, votes, isVoted"));
        Channel.With(
            new("id", Shape.Text, "the channel's id"),
            new("name", Shape.Text, "its name"),
            new("color", Shape.Text, "its colour"),
            new("isSensitive", Shape.Boolean, "whether it is marked sensitive"),
            new("userId", Shape.Text, "its owner's id"));
        Error.With(
            new("message", Shape.Text, "the reason in a sentence"),
            new("step", Shape.Text, "the place of the step that failed, such as do[0].then[1]; null when it was none"),
            new("code", Shape.Text, "Misskey's code where it refused, such as NO_SUCH_NOTE; else INVALID, GAVE_UP, TOO_MANY_STEPS or CANNOT_BE_EVALUATED"));
        Reply.With(
            new("note", Note, "the reply"),
            new("user", User, "who wrote it"));
        Event.With(
            new("type", Shape.Text, "the most particular type: reply, renote, mention …"),
            new("id", Shape.Text, "the delivery's own id"),
            new("createdAt", Shape.Text, "when Misskey made the event, ISO 8601"),
            new("source", Shape.Text, "webhook, streaming, catch-up, followers or cron"));
    }

    private static void DescribeReports() =>
        Report.With(
            new("id", Shape.Text, "the report's id"),
            new("createdAt", Shape.Text, "when it was made, ISO 8601"),
            new("comment", Shape.Text, "what the reporter wrote"),
            new("category", Shape.Text, "what it is about, such as spam or other; only some servers have it"),
            new("resolved", Shape.Boolean, "whether it is closed"),
            new("resolvedAs", Shape.Text, "accept or reject; null when neither was said"),
            new("forwarded", Shape.Boolean, "whether it was passed on to the user's own server"),
            new("moderationNote", Shape.Text, "what moderators noted"),
            new("targetUserId", Shape.Text, "id of the user whom it is about"),
            new("targetUser", User, "the user whom it is about"),
            new("targetUserHost", Shape.Text, "that user's server; null for people of this server"),
            new("reporterId", Shape.Text, "id of the reporter"),
            new("reporter", User, "who made it"),
            new("reporterHost", Shape.Text, "the reporter's server; null for people of this server"),
            new("assigneeId", Shape.Text, "id of the moderator who has it"),
            new("assignee", User, "the moderator who has it; null while nobody has"));

    private static Property Shown(string name, Shape shape, string doc) => new(name, shape, doc) { Enrichment = LookupKind.UserShow };

    private static Property Related(string name, string doc) => new(name, Shape.Boolean, doc) { Enrichment = LookupKind.UserRelation };

}
