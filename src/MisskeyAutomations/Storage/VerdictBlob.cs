using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Verdicts as they are stored: a JSON array of arrays <c>[rule, gate, because, tookElse]</c> without trailing nulls, compressed with
/// Brotli when that is worth it. A hundred rules give a hundred verdicts for every event, most of them alike.
/// </summary>
internal static class VerdictBlob
{
    private const int WorthCompressing = 256;
    private const byte Brotli = 1;

    // Kana take three bytes as they are, and six as escapes. It is read by nothing but this.
    private static readonly JsonWriterOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The stored form; null for none.</summary>
    public static byte[]? Write(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, AsWritten))
        {
            json.WriteStartArray();
            foreach (var verdict in verdicts)
            {
                Write(json, verdict);
            }

            json.WriteEndArray();
        }

        return buffer.WrittenCount > WorthCompressing ? Compress(buffer.WrittenSpan) : buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads them back, unless what is stored was never written by <see cref="Write(IReadOnlyList{Verdict})"/>.</summary>
    public static bool TryRead(byte[]? stored, [NotNullWhen(true)] out IReadOnlyList<Verdict>? verdicts)
    {
        try
        {
            verdicts = Read(stored);
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException or InvalidOperationException or IndexOutOfRangeException)
        {
            verdicts = null;
            return false;
        }
    }

    /// <summary>Reads them back.</summary>
    public static IReadOnlyList<Verdict> Read(byte[]? stored)
    {
        if (stored is null or [])
        {
            return [];
        }

        var json = stored[0] == Brotli ? Decompress(stored) : stored;
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(ReadOne)];
    }

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        var because = verdict.Because;
        json.WriteStartArray();
        json.WriteStringValue(verdict.Rule);
        if (verdict.Gate is not null || because is not null || verdict.TookElse)
        {
            json.WriteStringValue(verdict.Gate);
        }

        if (because is not null || verdict.TookElse)
        {
            json.WriteStringValue(because);
        }

        if (verdict.TookElse)
        {
            json.WriteBooleanValue(true);
        }

        json.WriteEndArray();
    }

    private static Verdict ReadOne(JsonElement parts)
    {
        var count = parts.GetArrayLength();
        return new Verdict(
            parts[0].GetString() ?? throw new JsonException("A verdict names no rule."),
            count > 1 ? parts[1].GetString() : null,
            count > 2 ? parts[2].GetString() : null) { TookElse = count > 3 };
    }

    private static byte[] Compress(ReadOnlySpan<byte> json)
    {
        const int FastQuality = 4;
        const int Window = 18;
        var compressed = new byte[1 + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        compressed[0] = Brotli;
        if (!BrotliEncoder.TryCompress(json, compressed.AsSpan(1), out var written, FastQuality, Window))
        {
            return json.ToArray();
        }

        return compressed[..(1 + written)];
    }

    private static byte[] Decompress(byte[] stored)
    {
        using var source = new MemoryStream(stored, 1, stored.Length - 1);
        using var brotli = new BrotliStream(source, CompressionMode.Decompress);
        using var json = new MemoryStream();
        brotli.CopyTo(json);
        return json.ToArray();
    }
}
