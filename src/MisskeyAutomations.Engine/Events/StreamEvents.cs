using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// The deliveries that streamed messages make: each in the envelope that its webhook would have had, so that an event has the same subject,
/// types and variables, whichever way it came. A message has no id and no time of its own: the id is made of what it is about.
/// </summary>
public static class StreamEvents
{
    // What `main` tells by itself, and what of it the envelope's body holds.
    private static readonly FrozenDictionary<string, (string Type, string Body)> Types =
        new Dictionary<string, (string Type, string Body)>(StringComparer.Ordinal)
        {
            ["mention"] = ("mention", "note"),
            ["reply"] = ("reply", "note"),
            ["renote"] = ("renote", "note"),
            ["follow"] = ("follow", "user"),
            ["followed"] = ("followed", "user"),
            ["unfollow"] = ("unfollow", "user"),
            ["receiveFollowRequest"] = ("followRequest", "user"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    // Of these alone the notification tells more than the message beside it: when it was, so that all who tell of it mean the same event.
    private static readonly FrozenSet<string> Notifications =
        new[] { "follow", "receiveFollowRequest", "followRequestAccepted", "reaction", "pollEnded" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a message of the channel <c>main</c> tells; null when it tells nothing that a rule can name.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="body">The message's body: a note or a user, bare, or a notification.</param>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id.</param>
    /// <param name="at">When it arrived.</param>
    public static StreamedEvent? OfMain(string type, JsonElement body, Uri server, string me, DateTimeOffset at)
    {
        if (type == "notification")
        {
            return OfNotification(body, server, me);
        }

        if (!Types.TryGetValue(type, out var made) || body.GetText("id") is not { Length: > 0 } id)
        {
            return null;
        }

        // A note is told once; a person may follow, leave and follow again.
        var isNote = made.Body == "note";
        var eventId = isNote ? $"{made.Type}:{id}" : string.Create(CultureInfo.InvariantCulture, $"{made.Type}:{id}:{at.ToUnixTimeMilliseconds()}");
        return new(Envelopes.Write(server, me, eventId, made.Type, null, made.Body, body), eventId) { IsKnownByArrival = !isNote };
    }

    /// <summary>A note of the account's own, which only its home timeline shows; null when it lacks an id.</summary>
    public static StreamedEvent? OfOwnNote(JsonElement note, Uri server, string me) =>
        note.GetText("id") is { Length: > 0 } id ? new(Envelopes.Write(server, me, $"note:{id}", "note", null, "note", note), $"note:{id}") : null;

    /// <summary>A note that passed somewhere; null when it lacks an id.</summary>
    /// <param name="place">Where: <c>timeline:home</c>, <c>antenna:NAME</c> and so on, as rules name it.</param>
    /// <param name="note">The note.</param>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id.</param>
    public static StreamedEvent? OfPlace(string place, JsonElement note, Uri server, string me) =>
        note.GetText("id") is { Length: > 0 } id ? new(Envelopes.Write(server, me, $"{place}:{id}", "note", place, "note", note), $"{place}:{id}") : null;

    private static StreamedEvent? OfNotification(JsonElement body, Uri server, string me) =>
        body.GetText("type") is { } type && Notifications.Contains(type)
        && NotificationEvents.Envelope(body, server, me) is { } envelope && envelope.Find("createdAt")?.GetInt64() is { } at
            ? new(Encoding.UTF8.GetBytes(envelope.GetRawText()), envelope.GetText("eventId")!) { CreatedAt = at } : null;
}

/// <summary>What a streamed message tells.</summary>
/// <param name="Envelope">The envelope; <see cref="EventReader"/> reads it from the source <c>streaming</c>.</param>
/// <param name="Id">The event id, the same whoever is told.</param>
public readonly record struct StreamedEvent(ReadOnlyMemory<byte> Envelope, string Id)
{
    /// <summary>Milliseconds since 1970 where the message says when it was, as notifications do; 0 otherwise.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Whether only its arrival tells it from the next of its kind, so that another who is told of it gives it another id.</summary>
    public bool IsKnownByArrival { get; init; }
}
