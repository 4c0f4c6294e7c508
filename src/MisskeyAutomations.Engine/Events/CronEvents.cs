using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MisskeyAutomations.Engine.Events;

/// <summary>The deliveries that the clock makes: one for each rule, account and time.</summary>
public static class CronEvents
{
    /// <summary>The id of a ring: <c>cron:RULE:TIME</c>, the time in UTC.</summary>
    public static string IdOf(string rule, DateTimeOffset occurrence) =>
        $"cron:{rule}:{occurrence.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>The envelope of a ring; <see cref="EventReader"/> reads it from the source <c>cron</c>.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="occurrence">When it was to ring.</param>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id; null when it is not known.</param>
    public static JsonElement Envelope(string rule, DateTimeOffset occurrence, Uri server, string? me)
    {
        var envelope = new JsonObject
        {
            ["server"] = server.GetLeftPart(UriPartial.Authority),
            ["eventId"] = IdOf(rule, occurrence),
            ["createdAt"] = occurrence.ToUnixTimeMilliseconds(),
            ["type"] = "cron",
            ["body"] = new JsonObject { ["rule"] = rule },
        };
        if (me is not null)
        {
            envelope["userId"] = me;
        }

        return JsonElement.Parse(envelope.ToJsonString());
    }
}
