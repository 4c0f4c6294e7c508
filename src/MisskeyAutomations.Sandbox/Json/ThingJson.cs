using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox.Json;

/// <summary>Writes everything that is neither an account nor a note.</summary>
internal static class ThingJson
{
    public static void WriteFile(Utf8JsonWriter json, DriveFile file)
    {
        json.WriteStartObject();
        json.WriteString("id", file.Id);
        json.WriteTime("createdAt", file.CreatedAt);
        json.WriteString("name", file.Name);
        json.WriteString("type", file.Type);
        json.WriteString("md5", file.Md5);
        json.WriteNumber("size", file.Size);
        json.WriteBoolean("isSensitive", file.IsSensitive);
        json.WriteNull("blurhash");
        json.WriteEmptyObject("properties");
        json.WriteString("url", file.Url);
        json.WriteNull("thumbnailUrl");
        json.WriteString("comment", file.Comment);
        json.WriteNull("folderId");
        json.WriteNull("folder");
        json.WriteString("userId", file.Owner.Id);
        json.WriteNull("user");
        json.WriteEndObject();
    }

    public static void WriteWebhook(Utf8JsonWriter json, Webhook hook)
    {
        json.WriteStartObject();
        json.WriteString("id", hook.Id);
        json.WriteString("userId", hook.Owner.Id);
        json.WriteString("name", hook.Name);
        json.WriteStrings("on", hook.On);
        json.WriteString("url", hook.Url);
        json.WriteString("secret", hook.Secret);
        json.WriteBoolean("active", hook.Active);
        json.WriteTime("latestSentAt", hook.LatestSentAt);
        if (hook.LatestStatus is { } status)
        {
            json.WriteNumber("latestStatus", status);
        }
        else
        {
            json.WriteNull("latestStatus");
        }
        json.WriteEndObject();
    }

    public static void WriteReaction(Utf8JsonWriter json, Reaction reaction)
    {
        json.WriteStartObject();
        json.WriteString("id", reaction.Id);
        json.WriteTime("createdAt", reaction.CreatedAt);
        json.WritePropertyName("user");
        UserJson.WriteLite(json, reaction.User);
        json.WriteString("type", NoteJson.Shown(reaction.Type));
        json.WriteEndObject();
    }

    public static void WriteClip(Utf8JsonWriter json, Clip clip)
    {
        json.WriteStartObject();
        json.WriteString("id", clip.Id);
        json.WriteTime("createdAt", clip.CreatedAt);
        json.WriteNull("lastClippedAt");
        json.WriteString("userId", clip.Owner.Id);
        json.WritePropertyName("user");
        UserJson.WriteLite(json, clip.Owner);
        json.WriteString("name", clip.Name);
        json.WriteString("description", clip.Description);
        json.WriteBoolean("isPublic", clip.IsPublic);
        json.WriteNumber("favoritedCount", 0);
        json.WriteBoolean("isFavorited", false);
        json.WriteNumber("notesCount", clip.Contents.Count);
        json.WriteEndObject();
    }

    public static void WriteList(Utf8JsonWriter json, UserList list)
    {
        json.WriteStartObject();
        json.WriteString("id", list.Id);
        json.WriteTime("createdAt", list.CreatedAt);
        json.WriteString("name", list.Name);
        json.WriteStrings("userIds", list.Members.Select(member => member.Id));
        json.WriteBoolean("isPublic", false);
        json.WriteEndObject();
    }

    public static void WriteNotification(Utf8JsonWriter json, Notification notification, Account reader)
    {
        json.WriteStartObject();
        json.WriteString("id", notification.Id);
        json.WriteTime("createdAt", notification.CreatedAt);
        json.WriteString("type", notification.Type);
        if (notification.User is { } user)
        {
            json.WriteString("userId", user.Id);
            json.WritePropertyName("user");
            UserJson.WriteLite(json, user);
        }
        if (notification.Note is { } note)
        {
            json.WritePropertyName("note");
            NoteJson.Write(json, note, reader);
        }
        if (notification.Reaction is { } reaction)
        {
            json.WriteString("reaction", NoteJson.Shown(reaction));
        }
        if (notification.Type is "followRequestAccepted")
        {
            json.WriteNull("message");
        }
        if (notification.Type is "app")
        {
            json.WriteString("body", notification.Body);
            json.WriteString("header", notification.Header);
            json.WriteString("icon", notification.Icon);
        }
        json.WriteEndObject();
    }

    public static void WriteFollow(Utf8JsonWriter json, Follow follow)
    {
        json.WriteString("id", follow.Id);
        json.WriteTime("createdAt", follow.CreatedAt);
        json.WriteString("followeeId", follow.Followee.Id);
        json.WriteString("followerId", follow.Follower.Id);
    }
}
