using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Streaming;

/// <summary>A channel that a listener connected to, under an id of the listener's choice.</summary>
internal sealed record Subscription(string Id, string Channel, JsonElement Parameters)
{
    public string? Text(string name) =>
        Parameters.ValueKind is JsonValueKind.Object && Parameters.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;
}

/// <summary>Which notes pass on which channel, as Misskey's channels choose them.</summary>
internal static class ShownNotes
{
    public static bool Shows(WorldState state, Subscription subscription, Note note, Account? reader) => subscription.Channel switch
    {
        "homeTimeline" => reader is not null && IsHome(note, reader) && IsTold(state, note, reader),
        "localTimeline" => note is { Visibility: NoteVisibility.Public, Channel: null } && AnswersThere(note, reader) && IsTold(state, note, reader),
        "antenna" => reader is not null && state.Antennas.GetValueOrDefault(subscription.Text("antennaId") ?? "") is { } antenna
            && antenna.Owner == reader && antenna.Catches(note) && IsTold(state, note, reader),
        "userList" => reader is not null && state.Lists.GetValueOrDefault(subscription.Text("listId") ?? "") is { } list
            && list.Owner == reader && list.Members.Contains(note.Author) && note.Channel is null && AnswersThere(note, reader) && IsTold(state, note, reader),
        "channel" => note.Channel is { } channel && channel.Id == subscription.Text("channelId") && IsTold(state, note, reader),
        "hashtag" => HasTag(subscription, note) && IsTold(state, note, reader),
        _ => false,
    };

    private static bool IsHome(Note note, Account reader) =>
        note.Channel is null && (note.Author == reader || reader.Following.ContainsKey(note.Author.Id)) && AnswersThere(note, reader);

    // A reply to somebody else shows only who asked for replies.
    private static bool AnswersThere(Note note, Account? reader) =>
        note.Reply is not { } reply || reply.Author == reader || note.Author == reader || reply.Author == note.Author
        || (reader is not null && reader.Following.TryGetValue(note.Author.Id, out var follow) && follow.WithReplies);

    private static bool IsTold(WorldState state, Note note, Account? reader) => state.IsListed(note, reader)
        && !(note.IsPureRenote && reader is not null && reader.RenoteMuting.ContainsKey(note.Author.Id));

    // [[a, b], [c]] means a and b, or c.
    private static bool HasTag(Subscription subscription, Note note) =>
        subscription.Parameters.ValueKind is JsonValueKind.Object && subscription.Parameters.TryGetProperty("q", out var q) && q.ValueKind is JsonValueKind.Array
        && q.EnumerateArray().Any(all => all.ValueKind is JsonValueKind.Array && all.EnumerateArray().All(tag =>
            tag.ValueKind is JsonValueKind.String && note.Tags.Contains(tag.GetString()!.ToLowerInvariant(), StringComparer.Ordinal)));
}
