using System.Buffers;
using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>A request or an answer as it came over the wire. HTTP/1.1 without pipelining is understood, and no more of it than where a message ends.</summary>
internal sealed class HttpMessage(ReadOnlyMemory<byte> bytes, int headLength)
{
    private const int Longest = 64 * 1024 * 1024;

    /// <summary>All of it, head and body.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The first line's second word: a request's path or an answer's status.</summary>
    public string Second => Head.Split(' ', 3) is [_, var second, ..] ? second : "";

    private string Head => field ??= Encoding.Latin1.GetString(bytes.Span[..headLength]);

    private bool HasNoBody => Head.StartsWith("HTTP/", StringComparison.Ordinal) && Second is "204" or "304" || Second.StartsWith('1');

    /// <summary>Reads one message; null when the other side left before its end.</summary>
    public static async Task<HttpMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var read = new ArrayBufferWriter<byte>(4096);
        HttpMessage? head = null;
        while (read.WrittenCount < Longest)
        {
            head ??= FindHead(read.WrittenMemory);
            if (head?.EndIn(read.WrittenSpan) is { } end)
            {
                return new HttpMessage(read.WrittenMemory[..end], head.Bytes.Length);
            }

            var count = await stream.ReadAsync(read.GetMemory(4096), cancellationToken);
            if (count == 0)
            {
                // An answer without a length goes on until the connection ends.
                return head is { HasLength: false } ? new HttpMessage(read.WrittenMemory, head.Bytes.Length) : null;
            }

            read.Advance(count);
        }

        return null;
    }

    /// <summary>Whether its sender ends the connection with it.</summary>
    public bool IsLast => !HasLength || HeaderOf("connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true;

    private bool IsAnswer => Head.StartsWith("HTTP/", StringComparison.Ordinal);

    private bool IsChunked => HeaderOf("transfer-encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    private bool HasLength => IsChunked || HeaderOf("content-length") is not null || !IsAnswer || HasNoBody;

    private static HttpMessage? FindHead(ReadOnlyMemory<byte> read) =>
        read.Span.IndexOf("\r\n\r\n"u8) is var end and >= 0 ? new HttpMessage(read[..(end + 4)].ToArray(), end + 4) : null;

    private string? HeaderOf(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    // Where the message ends in what was read; null while it goes on.
    private int? EndIn(ReadOnlySpan<byte> read)
    {
        if (IsChunked)
        {
            return EndOfChunks(read, headLength);
        }

        var length = HasNoBody ? 0 : HeaderOf("content-length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : IsAnswer ? (int?)null : 0;
        return headLength + length <= read.Length ? headLength + length : null;
    }

    private static int? EndOfChunks(ReadOnlySpan<byte> read, int at)
    {
        while (read[at..].IndexOf("\r\n"u8) is var line and >= 0)
        {
            var size = int.Parse(Encoding.ASCII.GetString(read.Slice(at, line)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += line + 2 + size + 2;
            if (size == 0 || at > read.Length)
            {
                return at <= read.Length ? at : null;
            }
        }

        return null;
    }
}
