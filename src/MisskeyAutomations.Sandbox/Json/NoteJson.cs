using System.Text;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Json;

/// <summary>How much of a note is written.</summary>
internal enum NoteShape
{
    /// <summary>With the notes it refers to, its poll and count of clips.</summary>
    Full,

    /// <summary>As the <c>reply</c> field of another note: without those.</summary>
    Brief,
}

/// <summary>Writes notes as recorded answers and webhooks of 2025.4 have them: which fields, when, in which order.</summary>
internal static class NoteJson
{
    /// <summary>As an API answer, or as the <c>mention</c> webhook of <paramref name="reader"/>.</summary>
    public static void Write(Utf8JsonWriter json, Note note, Account? reader) =>
        Write(json, note, new View(reader, EverythingShown: false), NoteShape.Full);

    /// <summary>
    /// As the webhooks <c>note</c>, <c>reply</c> and <c>renote</c>: nobody's view, nothing hidden whatever the
    /// visibility, and with <c>reactionAndUserPairCache</c>.
    /// </summary>
    public static void WriteUnhidden(Utf8JsonWriter json, Note note) =>
        Write(json, note, new View(Reader: null, EverythingShown: true), NoteShape.Full);

    private static void Write(Utf8JsonWriter json, Note note, View view, NoteShape shape)
    {
        var hidden = !view.EverythingShown && !WorldState.IsVisible(note, view.Reader);
        json.WriteStartObject();
        json.WriteString("id", note.Id);
        json.WriteTime("createdAt", note.CreatedAt);
        json.WriteString("userId", note.Author.Id);
        json.WritePropertyName("user");
        UserJson.WriteLite(json, note.Author);
        json.WriteString("text", hidden ? null : note.Text);
        json.WriteString("cw", hidden ? null : note.Cw);
        json.WriteString("visibility", note.Visibility.Wire);
        json.WriteBoolean("localOnly", note.LocalOnly);
        json.WriteString("reactionAcceptance", note.ReactionAcceptance);
        if (note.Visibility is NoteVisibility.Specified && !hidden)
        {
            json.WriteStrings("visibleUserIds", note.VisibleUserIds);
        }
        json.WriteNumber("renoteCount", note.RenoteCount);
        json.WriteNumber("repliesCount", note.RepliesCount);
        WriteReactions(json, note, withPairs: view.EverythingShown);
        if (note.Tags.Count > 0)
        {
            json.WriteStrings("tags", note.Tags);
        }
        WriteFiles(json, hidden ? [] : note.Files);
        WriteReferences(json, note);
        if (shape is NoteShape.Full)
        {
            WriteFullFields(json, note, view, hidden);
        }
        if (hidden)
        {
            json.WriteBoolean("isHidden", true);
        }
        json.WriteEndObject();
    }

    private static void WriteReferences(Utf8JsonWriter json, Note note)
    {
        json.WriteString("replyId", note.Reply?.Id);
        json.WriteString("replyUserId", note.Reply?.Author.Id);
        json.WriteString("renoteId", note.Renote?.Id);
        if (note.Channel is { } channel)
        {
            json.WriteString("channelId", channel.Id);
            json.WriteStartObject("channel");
            json.WriteString("id", channel.Id);
            json.WriteString("name", channel.Name);
            json.WriteString("color", "#86b300");
            json.WriteBoolean("isSensitive", false);
            json.WriteBoolean("allowRenoteToExternal", true);
            json.WriteString("userId", channel.Owner.Id);
            json.WriteEndObject();
        }
        if (note.Mentions.Count > 0)
        {
            json.WriteStrings("mentions", note.Mentions);
        }
    }

    private static void WriteFullFields(Utf8JsonWriter json, Note note, View view, bool hidden)
    {
        json.WriteNumber("clippedCount", note.ClippedCount);
        if (note.Reply is { } reply)
        {
            json.WritePropertyName("reply");
            Write(json, reply, view, NoteShape.Brief);
        }
        if (note.Renote is { } renote)
        {
            json.WritePropertyName("renote");
            Write(json, renote, view, NoteShape.Full);
        }
        if (note.Poll is { } poll && !hidden)
        {
            WritePoll(json, poll, view.Reader);
        }
        if (view.Reader is { } reader && note.Reactions.Find(reaction => reaction.User == reader) is { } mine)
        {
            json.WriteString("myReaction", Shown(mine.Type));
        }
    }

    private static void WriteReactions(Utf8JsonWriter json, Note note, bool withPairs)
    {
        json.WriteNumber("reactionCount", note.Reactions.Count);
        json.WriteStartObject("reactions");
        if (note.Reactions.Count > 0)
        {
            // The order of a jsonb object in PostgreSQL: shorter keys first, then bytewise.
            foreach (var group in note.Reactions.GroupBy(reaction => reaction.Type, StringComparer.Ordinal)
                .OrderBy(group => Encoding.UTF8.GetByteCount(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal))
            {
                json.WriteNumber(Shown(group.Key), group.Count());
            }
        }
        json.WriteEndObject();
        json.WriteEmptyObject("reactionEmojis");
        if (withPairs)
        {
            json.WriteStrings("reactionAndUserPairCache", note.Reactions.TakeLast(16).Select(reaction => $"{reaction.User.Id}/{reaction.Type}"));
        }
    }

    /// <summary>A custom emoji of this server carries <c>@.</c> when shown: <c>:hinata@.:</c>.</summary>
    public static string Shown(string reaction) => reaction is [':', .. var name, ':'] ? $":{name}@.:" : reaction;

    private static void WriteFiles(Utf8JsonWriter json, IReadOnlyList<DriveFile> files)
    {
        json.WriteStrings("fileIds", files.Select(file => file.Id));
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            ThingJson.WriteFile(json, file);
        }
        json.WriteEndArray();
    }

    private static void WritePoll(Utf8JsonWriter json, Poll poll, Account? reader)
    {
        json.WriteStartObject("poll");
        json.WriteBoolean("multiple", poll.Multiple);
        json.WriteTime("expiresAt", poll.ExpiresAt);
        json.WriteStartArray("choices");
        for (var i = 0; i < poll.Choices.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("text", poll.Choices[i]);
            json.WriteNumber("votes", poll.Voters[i].Count);
            json.WriteBoolean("isVoted", reader is not null && poll.Voters[i].Contains(reader.Id));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private readonly record struct View(Account? Reader, bool EverythingShown);
}
