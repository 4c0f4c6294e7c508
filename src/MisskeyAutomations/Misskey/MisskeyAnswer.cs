using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>What came back over the wire, before anybody judged it.</summary>
internal sealed record MisskeyAnswer
{
    /// <summary>More than this is not read: 4 MiB.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

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
        using var buffer = new MemoryStream();
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            var chunk = new byte[16 * 1024];
            while (buffer.Length <= MaxBytes && await stream.ReadAsync(chunk, cancellationToken) is > 0 and var count)
            {
                buffer.Write(chunk, 0, count);
            }

            // Too long is not cut: the server did its work, only its answer is of no use.
            return (buffer.Length > MaxBytes ? default : buffer.ToArray(), false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
        {
            return (buffer.ToArray(), true);
        }
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
