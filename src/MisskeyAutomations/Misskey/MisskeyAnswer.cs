using System.Buffers;
using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>What came back over the wire, before anybody judged it.</summary>
internal sealed record MisskeyAnswer
{
    /// <summary>More than this is not read: 4 MiB, less one, so that a buffer of 4 MiB shows that there is more.</summary>
    private const int MaxBytes = (4 * 1024 * 1024) - 1;

    /// <summary>JSON of more values than this is not taken apart: a page of a hundred notes has a tenth, and each costs memory whatever its length.</summary>
    private const int MaxValues = 300_000;

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The media type without parameters; null when there is none.</summary>
    public string? MediaType { get; init; }

    /// <summary>What <c>Retry-After</c> asks for; null when there is none. A date is counted from <see cref="Date"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The server's clock; null when it does not tell.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Where a redirect points; null otherwise.</summary>
    public Uri? Location { get; init; }

    /// <summary>What was read of the body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the body broke off.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether this is a page for people: a proxy's, never Misskey's API.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml" || Body.Span.TrimStart("\uFEFF \t\r\n"u8).StartsWith("<"u8);

    /// <summary>The body as JSON; null when there is none or it cannot be read.</summary>
    public JsonElement? Json => field ??= IsCut ? null : Parse(Body);

    /// <summary>Reads an answer; a body that breaks off or comes too late is <see cref="IsCut"/>, for its status is known all the same.</summary>
    public static async Task<MisskeyAnswer> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var (body, isCut) = await ReadBodyAsync(response.Content, cancellationToken);
        var retryAfter = response.Headers.RetryAfter;
        return new MisskeyAnswer
        {
            Status = (int)response.StatusCode,
            MediaType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
            RetryAfter = retryAfter?.Delta ?? (retryAfter?.Date - (response.Headers.Date ?? time.GetUtcNow())),
            Date = response.Headers.Date,
            Location = response.Headers.Location,
            Body = body,
            IsCut = isCut,
        };
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool IsCut)> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // What is of no use is not cut: the server did its work. Nobody asked for it to be packed, and it is not unpacked.
        if (content.Headers.ContentLength > MaxBytes || content.Headers.ContentEncoding.Count > 0)
        {
            return (default, false);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(content.Headers.ContentLength ?? 16 * 1024) + 1);
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            while (length <= MaxBytes && await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var count)
            {
                length += count;
                buffer = length < buffer.Length || length > MaxBytes ? buffer : Widen(buffer);
            }

            return (length > MaxBytes || HasTooManyValues(buffer.AsSpan(0, length)) ? default : buffer.AsSpan(0, length).ToArray(), false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
        {
            return (buffer.AsSpan(0, Math.Min(length, MaxBytes)).ToArray(), true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool HasTooManyValues(ReadOnlySpan<byte> json) =>
        json.Count((byte)',') + json.Count((byte)'[') + json.Count((byte)'{') > MaxValues;

    // Out of the pool and in few strides, so that a flood leaves little behind: 16 KiB, 256 KiB, 4 MiB.
    private static byte[] Widen(byte[] full)
    {
        var wider = ArrayPool<byte>.Shared.Rent(Math.Min(full.Length * 16, MaxBytes + 1));
        full.CopyTo(wider, 0);
        ArrayPool<byte>.Shared.Return(full);
        return wider;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            return ScrubbedJson.Parse(body, scrubbed: true);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
