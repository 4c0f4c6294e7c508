using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>What a target is told at once.</summary>
internal sealed record AlertMessage
{
    /// <summary>The type of the JSON.</summary>
    public const string Type = "misskey-automations.alert";

    // Of the two thousand characters that Discord takes, and a notification of Misskey.
    private const int MostCharacters = 1_800;
    private const int MostTroubles = 20;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for each attempt to tell the same.</summary>
    public required string Id { get; init; }

    /// <summary>What people read.</summary>
    public required string Text { get; init; }

    /// <summary>What programs read.</summary>
    public required byte[] Json { get; init; }

    /// <summary>A message about troubles.</summary>
    public static AlertMessage Of(IReadOnlyList<AlertRow> rows, Translation language, DateTimeOffset now)
    {
        var lines = rows.Take(MostTroubles).Select(row => row.OverAt is null ? row.Text : Phrase.Of($"It is over: {row.Text}").In(language)).ToList();
        if (rows.Count > MostTroubles)
        {
            lines.Add(Phrase.Of($"And {rows.Count - MostTroubles} more; the log tells all of them.").In(language));
        }

        var text = Ellipsis.Cut(string.Join('\n', lines), MostCharacters);
        var key = string.Join('\n', rows.Select(row => FormattableString.Invariant($"{row.Kind} {row.Subject} {row.Since.ToUnixTimeMilliseconds()} {row.OverAt is not null}")));
        return new() { Id = $"alert_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24]}", Text = text, Json = Write(rows, text, now) };
    }

    /// <summary>A message that says that messages arrive.</summary>
    public static AlertMessage Test(string target, Translation language, DateTimeOffset now)
    {
        var text = Phrase.Of("This is a test: alerts of MisskeyAutomations arrive here.").In(language);
        var row = new AlertRow { Target = target, Kind = "test", Subject = "test", Text = text, Since = now };
        return new() { Id = $"alert_{Guid.NewGuid():n}", Text = text, Json = Write([row], text, now) };
    }

    // `text` is what Slack and Mattermost show of a webhook, `content` what Discord does.
    private static byte[] Write(IReadOnlyList<AlertRow> rows, string text, DateTimeOffset now)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("timestamp", now.UtcDateTime);
            json.WriteString("text", text);
            json.WriteString("content", text);
            json.WriteStartObject("data");
            json.WriteStartArray("troubles");
            foreach (var row in rows.Take(MostTroubles))
            {
                json.WriteStartObject();
                json.WriteString("kind", row.Kind);
                json.WriteString("subject", row.Subject);
                json.WriteString("state", row.OverAt is null ? "raised" : "over");
                json.WriteString("since", row.Since.UtcDateTime);
                json.WriteString("text", row.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("more", Math.Max(0, rows.Count - MostTroubles));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
