using System.Buffers;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Writes what no webhook brings in the envelope that its webhook would have had.</summary>
internal static class Envelopes
{
    /// <summary>One envelope.</summary>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="type">Its type.</param>
    /// <param name="place">Where a note passed; null for what passed nowhere.</param>
    /// <param name="name"><c>note</c> or <c>user</c>.</param>
    /// <param name="matter">What stands there.</param>
    public static byte[] Write(Uri server, string me, string eventId, string type, string? place, string name, JsonElement matter)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("server", server.GetLeftPart(UriPartial.Authority));
            json.WriteString("userId", me);
            json.WriteString("eventId", eventId);
            json.WriteString("type", type);
            if (place is not null)
            {
                json.WriteString("place", place);
            }

            json.WriteStartObject("body");
            json.WritePropertyName(name);
            json.WriteRawValue(matter.GetRawText(), skipInputValidation: true);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
