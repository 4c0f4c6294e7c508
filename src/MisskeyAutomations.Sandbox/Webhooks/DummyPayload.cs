using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>
/// The bodies that <c>i/webhooks/test</c> delivers. Their ids contain a hyphen and their fields differ from those of
/// real events, as recorded.
/// </summary>
internal static class DummyPayload
{
    private const string DummyText = "\"This is a dummy note for testing purposes.\"";

    /// <summary>Null for <c>reaction</c>, for which Misskey answers 204 and sends nothing.</summary>
    public static byte[]? Body(string type, DateTimeOffset now)
    {
        var body = type switch
        {
            "note" => $$"""{"note":{{PlainNote(now)}}}""",
            "mention" => $$"""{"note":{{Note("mention", 1, now, "\"@dummy2 This is a mention to you.\"", mentions: "\"dummy-user-2\"")}}}""",
            "reply" => $$"""{"note":{{Note("reply", 1, now, DummyText, replyId: "\"dummy-note-1\"", reply: Fields("note", 1, now, DummyText) + "}")}}}""",
            "renote" => $$"""{"note":{{Note("renote", 2, now, "null", renoteId: "\"dummy-note-1\"", renote: PlainNote(now))}}}""",
            "follow" => $$"""{"user":{{Detailed(1, now, 7, 5, followers: 10, following: 5, notes: 30)}}}""",
            "unfollow" => $$"""{"user":{{Detailed(3, now, 15, 2, followers: 60, following: 70, notes: 15900)}}}""",
            "followed" => $$"""{"user":{{Lite(2)}}}""",
            _ => null,
        };
        return body is null ? null : Encoding.UTF8.GetBytes(body);
    }

    private static string PlainNote(DateTimeOffset now) => Note("note", 1, now, DummyText);

    private static string Note(
        string kind, int author, DateTimeOffset now, string text,
        string mentions = "", string replyId = "null", string renoteId = "null", string reply = "null", string renote = "null") =>
        Fields(kind, author, now, text, mentions, replyId, renoteId)
        + $$"""
        ,"clippedCount":0,"reply":{{reply}},"renote":{{renote}},"myReaction":null}
        """;

    /// <summary>What a note has when it is the <c>reply</c> of another, left open.</summary>
    private static string Fields(
        string kind, int author, DateTimeOffset now, string text,
        string mentions = "", string replyId = "null", string renoteId = "null") =>
        $$"""
        {"id":"dummy-{{kind}}-1","createdAt":"{{Time(now)}}","deletedAt":null,"text":{{text}},"cw":null,
        "userId":"dummy-user-{{author}}","user":{{Lite(author)}},"replyId":{{replyId}},"renoteId":{{renoteId}},"isHidden":false,
        "visibility":"public","mentions":[{{mentions}}],"visibleUserIds":[],"fileIds":[],"files":[],"tags":[],"poll":null,
        "emojis":{},"channelId":null,"channel":null,"localOnly":true,"reactionAcceptance":"likeOnly","reactionEmojis":{},
        "reactions":{},"reactionCount":0,"renoteCount":10,"repliesCount":5,"reactionAndUserPairCache":[]
        """.ReplaceLineEndings("");

    private static string Lite(int number) => LiteFields(number) + "}";

    private static string LiteFields(int number) =>
        $$"""
        {"id":"dummy-user-{{number}}","name":"DummyUser{{number}}","username":"dummy{{number}}","host":null,"avatarUrl":null,
        "avatarBlurhash":null,"avatarDecorations":[],"isBot":false,"isCat":true,"emojis":{},"onlineStatus":"active","badgeRoles":[]
        """.ReplaceLineEndings("");

    private static string Detailed(int number, DateTimeOffset now, int updatedDaysAgo, int fetchedDaysAgo, int followers, int following, int notes) =>
        LiteFields(number) + $$"""
        ,"url":null,"uri":null,"movedTo":null,"alsoKnownAs":[],"createdAt":"{{Time(now)}}",
        "updatedAt":"{{Time(now.AddDays(-updatedDaysAgo))}}","lastFetchedAt":"{{Time(now.AddDays(-fetchedDaysAgo))}}",
        "bannerUrl":null,"bannerBlurhash":null,"isLocked":false,"isSilenced":false,"isSuspended":false,"description":null,
        "location":null,"birthday":null,"lang":null,"fields":[],"verifiedLinks":[],"followersCount":{{followers}},
        "followingCount":{{following}},"notesCount":{{notes}},"pinnedNoteIds":[],"pinnedNotes":[],"pinnedPageId":null,
        "pinnedPage":null,"publicReactions":true,"followersVisibility":"public","followingVisibility":"public",
        "chatScope":"mutual","canChat":true,"twoFactorEnabled":false,"usePasswordLessLogin":false,"securityKeys":false,
        "roles":[],"memo":null,"isFollowing":false,"isFollowed":false,"hasPendingFollowRequestFromYou":false,
        "hasPendingFollowRequestToYou":false,"isBlocking":false,"isBlocked":false,"isMuted":false,"isRenoteMuted":false,
        "notify":"none","withReplies":true,"isLimited":false}
        """.ReplaceLineEndings("");

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
