using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>How JSON is written to Misskey and into the store: raw UTF-8, as Misskey itself does.</summary>
public static class JsonWriting
{
    /// <summary>Compact; only what JSON demands is escaped.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON that <paramref name="write"/> writes, as text.</summary>
    /// <param name="options">How it is written; <see cref="Options"/> for what goes to Misskey.</param>
    /// <param name="write">Writes one value.</param>
    public static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>The JSON object with the properties that <paramref name="write"/> writes, as text.</summary>
    /// <param name="options">How it is written; <see cref="Options"/> for what goes to Misskey.</param>
    /// <param name="write">Writes the properties.</param>
    public static string WriteObject(JsonWriterOptions options, Action<Utf8JsonWriter> write) => Write(options, json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });
}
