using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// The deliveries that Misskey's list of notifications makes up for: each in the envelope that its webhook would have had. Such an
/// event has the same subject, types and variables, whichever way it came.
/// </summary>
public static class NotificationEvents
{
    // What a webhook's body holds for the type. The last four have no webhook; their bodies are made alike.
    private static readonly FrozenDictionary<string, (string Type, string[] Body)> Types =
        new Dictionary<string, (string Type, string[] Body)>(StringComparer.Ordinal)
        {
            ["mention"] = ("mention", ["note"]),
            ["reply"] = ("reply", ["note"]),
            ["renote"] = ("renote", ["note"]),
            ["quote"] = ("renote", ["note"]),
            ["follow"] = ("followed", ["user"]),
            ["reaction"] = ("reaction", ["note", "user", "reaction"]),
            ["receiveFollowRequest"] = ("followRequest", ["user"]),
            ["followRequestAccepted"] = ("followRequestAccepted", ["user"]),
            ["pollEnded"] = ("pollEnded", ["note"]),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The event id of a notification: <c>notification:ID</c>.</summary>
    public static string IdOf(string notification) => $"notification:{notification}";

    /// <summary>The envelope of a notification; <see cref="EventReader"/> reads it from the source <c>catch-up</c>.</summary>
    /// <param name="notification">An entry of <c>i/notifications</c>: <c>id createdAt type</c>, and <c>user note reaction</c> where the type has them.</param>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id.</param>
    /// <returns>Null for a notification that no trigger is about, and for one that lacks what its type is about.</returns>
    public static JsonElement? Envelope(JsonElement notification, Uri server, string me)
    {
        if (notification.GetText("id") is not { } id || notification.GetTime("createdAt") is not { } at
            || notification.GetText("type") is not { } its || !Types.TryGetValue(its, out var made)
            || made.Body.Any(name => notification.Find(name) is null))
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("server", server.GetLeftPart(UriPartial.Authority));
            json.WriteString("userId", me);
            json.WriteString("eventId", IdOf(id));
            json.WriteNumber("createdAt", at.ToUnixTimeMilliseconds());
            json.WriteString("type", made.Type);
            json.WriteStartObject("body");
            foreach (var name in made.Body)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(notification.GetProperty(name).GetRawText(), skipInputValidation: true);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
