using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Json;

/// <summary>
/// Writes accounts in Misskey's three shapes: UserLite (12 fields), UserDetailed as a reader sees it, and MeDetailed
/// for the account itself. Fields and their order are those of recorded answers of 2025.4.
/// </summary>
internal static class UserJson
{
    public static void WriteLite(Utf8JsonWriter json, Account user)
    {
        json.WriteStartObject();
        WriteLiteFields(json, user);
        json.WriteEndObject();
    }

    /// <summary><paramref name="reader"/> is null when not signed in: then the fields of the relation are absent.</summary>
    public static void WriteDetailed(Utf8JsonWriter json, Account user, Account? reader)
    {
        json.WriteStartObject();
        WriteLiteFields(json, user);
        WriteProfile(json, user, reader);
        if (reader == user)
        {
            WriteMe(json, user);
        }
        else if (reader is not null)
        {
            WriteRelation(json, user, reader);
            json.WriteString("notify", "none");
            json.WriteBoolean("withReplies", reader.Following.TryGetValue(user.Id, out var follow) && follow.WithReplies);
            if (follow is not null)
            {
                json.WriteNull("followedMessage");
            }
        }
        json.WriteEndObject();
    }

    public static void WriteRelation(Utf8JsonWriter json, Account user, Account reader)
    {
        json.WriteBoolean("isFollowing", reader.Following.ContainsKey(user.Id));
        json.WriteBoolean("isFollowed", reader.Followers.ContainsKey(user.Id));
        json.WriteBoolean("hasPendingFollowRequestFromYou", reader.RequestsSent.ContainsKey(user.Id));
        json.WriteBoolean("hasPendingFollowRequestToYou", reader.RequestsReceived.ContainsKey(user.Id));
        json.WriteBoolean("isBlocking", reader.Blocking.ContainsKey(user.Id));
        json.WriteBoolean("isBlocked", user.Blocking.ContainsKey(reader.Id));
        json.WriteBoolean("isMuted", reader.Muting.ContainsKey(user.Id));
        json.WriteBoolean("isRenoteMuted", reader.RenoteMuting.ContainsKey(user.Id));
    }

    private static void WriteLiteFields(Utf8JsonWriter json, Account user)
    {
        json.WriteString("id", user.Id);
        json.WriteString("name", user.Name);
        json.WriteString("username", user.Username);
        json.WriteNull("host");
        json.WriteString("avatarUrl", user.AvatarUrl);
        json.WriteNull("avatarBlurhash");
        json.WriteEmptyArray("avatarDecorations");
        json.WriteBoolean("isBot", user.IsBot);
        json.WriteBoolean("isCat", false);
        json.WriteEmptyObject("emojis");
        json.WriteString("onlineStatus", "unknown");
        json.WriteEmptyArray("badgeRoles");
    }

    private static void WriteProfile(Utf8JsonWriter json, Account user, Account? reader)
    {
        json.WriteNull("url");
        json.WriteNull("uri");
        json.WriteNull("movedTo");
        json.WriteNull("alsoKnownAs");
        json.WriteTime("createdAt", user.CreatedAt);
        json.WriteTime("updatedAt", user.UpdatedAt);
        json.WriteNull("lastFetchedAt");
        json.WriteNull("bannerUrl");
        json.WriteNull("bannerBlurhash");
        json.WriteBoolean("isLocked", user.IsLocked);
        json.WriteBoolean("isSilenced", false);
        json.WriteBoolean("isLimited", false);
        json.WriteBoolean("isSuspended", user.IsSuspended);
        json.WriteString("description", user.Description);
        json.WriteNull("location");
        json.WriteNull("birthday");
        json.WriteNull("lang");
        json.WriteEmptyArray("fields");
        json.WriteEmptyArray("verifiedLinks");
        json.WriteEmptyArray("mutualLinkSections");
        json.WriteNumber("followersCount", user.FollowersCount);
        json.WriteNumber("followingCount", user.FollowingCount);
        json.WriteNumber("notesCount", user.NotesCount);
        json.WriteStrings("pinnedNoteIds", user.Pinned.Select(note => note.Id));
        json.WriteStartArray("pinnedNotes");
        foreach (var note in user.Pinned)
        {
            NoteJson.Write(json, note, reader);
        }
        json.WriteEndArray();
        json.WriteNull("pinnedPageId");
        json.WriteNull("pinnedPage");
        json.WriteBoolean("publicReactions", true);
        json.WriteString("followersVisibility", "public");
        json.WriteString("followingVisibility", "public");
        json.WriteString("chatScope", "mutual");
        json.WriteBoolean("canChat", false);
        json.WriteEmptyArray("roles");
        json.WriteNull("memo");
    }

    private static void WriteMe(Utf8JsonWriter json, Account user)
    {
        json.WriteBoolean("twoFactorEnabled", false);
        json.WriteBoolean("usePasswordLessLogin", false);
        json.WriteBoolean("securityKeys", false);
        json.WriteNull("avatarId");
        json.WriteNull("bannerId");
        json.WriteNull("followedMessage");
        json.WriteBoolean("isModerator", false);
        json.WriteBoolean("isAdmin", false);
        json.WriteBoolean("injectFeaturedNote", true);
        json.WriteBoolean("receiveAnnouncementEmail", true);
        json.WriteBoolean("alwaysMarkNsfw", false);
        json.WriteBoolean("autoSensitive", false);
        json.WriteBoolean("carefulBot", false);
        json.WriteBoolean("autoAcceptFollowed", true);
        json.WriteBoolean("noCrawle", false);
        json.WriteBoolean("preventAiLearning", true);
        json.WriteBoolean("isExplorable", true);
        json.WriteBoolean("isDeleted", false);
        json.WriteString("twoFactorBackupCodesStock", "none");
        json.WriteBoolean("hideOnlineStatus", false);
        json.WriteBoolean("hasUnreadSpecifiedNotes", false);
        json.WriteBoolean("hasUnreadMentions", false);
        json.WriteBoolean("hasUnreadChatMessages", false);
        json.WriteBoolean("hasUnreadAnnouncement", false);
        json.WriteEmptyArray("unreadAnnouncements");
        json.WriteBoolean("hasUnreadAntenna", false);
        json.WriteBoolean("hasUnreadChannel", false);
        json.WriteBoolean("hasUnreadNotification", user.UnreadNotifications > 0);
        json.WriteBoolean("hasPendingReceivedFollowRequest", user.RequestsReceived.Count > 0);
        json.WriteNumber("unreadNotificationsCount", user.UnreadNotifications);
        json.WriteNull("postingLang");
        json.WriteEmptyArray("viewingLangs");
        json.WriteBoolean("showMediaInAllLanguages", true);
        json.WriteBoolean("showHashtagsInAllLanguages", true);
        json.WriteEmptyArray("mutedWords");
        json.WriteEmptyArray("mutedInstances");
        json.WriteEmptyArray("mutingNotificationTypes");
        json.WriteEmptyObject("notificationRecieveConfig");
        json.WriteStrings("emailNotificationTypes", ["follow", "receiveFollowRequest"]);
        json.WriteEmptyArray("achievements");
        json.WriteNumber("loggedInDays", 0);
        json.WritePropertyName("policies");
        json.WriteRawValue(ServerJson.Policies);
    }
}
