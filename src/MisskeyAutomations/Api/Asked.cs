using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Api;

/// <summary>Reads what a request asks for; what is wrong is told with what to write.</summary>
internal static class Asked
{
    /// <summary>How many things a page has unless it is told otherwise.</summary>
    public const int UsualLimit = 50;

    private const int MostLimit = 200;

    /// <summary>How many things are wanted.</summary>
    /// <exception cref="ApiRefusal">It is no such number.</exception>
    public static int Limit(string? text) => string.IsNullOrEmpty(text) ? UsualLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostLimit ? number
        : throw ApiRefusal.Wrong("wrong-limit", $"'limit' takes a number from 1 to {MostLimit}, not '{text}'.");

    /// <summary>Where a list goes on; null at its begin.</summary>
    /// <exception cref="ApiRefusal">No answer gave such a thing.</exception>
    public static long? Cursor(string? text) => string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw ApiRefusal.Wrong("wrong-cursor", $"'cursor' takes the nextCursor of an answer, not '{text}'. Leave it out to begin with the newest.");

    /// <summary>The cursor for a number; null where nothing follows.</summary>
    public static string? CursorOf(long? next) => next?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time; null for none.</summary>
    /// <exception cref="ApiRefusal">It is no time.</exception>
    public static DateTimeOffset? Time(string name, string? text) => string.IsNullOrEmpty(text) ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw ApiRefusal.Wrong("wrong-time", $"'{name}' takes a time such as 2026-12-24T18:00:00Z or 2026-12-24T18:00+09:00 (write + as %2B), not '{text}'.");

    /// <summary>One of some words; null for none.</summary>
    /// <exception cref="ApiRefusal">It is another.</exception>
    public static T? Word<T>(string name, string? text)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var words = Enum.GetValues<T>().ToDictionary(WordOf, value => value, StringComparer.Ordinal);
        return words.TryGetValue(text, out var value) ? value
            : throw ApiRefusal.Wrong($"wrong-{name}", $"'{name}' takes one of {string.Join(", ", words.Keys)}, not '{text}'.");
    }

    /// <summary>The body of a request; what it leaves out is as the type says.</summary>
    /// <exception cref="ApiRefusal">It is no JSON of this shape.</exception>
    public static async Task<T> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type, string example)
        where T : class, new()
    {
        if (context.Request.ContentLength == 0 || (context.Request.ContentLength is null && !context.Request.Headers.ContainsKey("Transfer-Encoding")))
        {
            return new();
        }

        if (context.Request.ContentType is { Length: > 0 } sent && !context.Request.HasJsonContentType())
        {
            throw new ApiRefusal(StatusCodes.Status415UnsupportedMediaType, "no-json", $"The body is sent as '{sent}'. Send JSON, with the header Content-Type: application/json.");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? new();
        }
        catch (JsonException wrong)
        {
            throw ApiRefusal.Wrong("wrong-body", $"The body of the request does not fit{PlaceOf(wrong)}. Write it like {example}");
        }
    }

    /// <summary>The word for a value of an enumeration.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static Phrase PlaceOf(JsonException wrong) => wrong.Path is { Length: > 1 } path ? Phrase.Of($" at {path}")
        : wrong.LineNumber is { } line ? Phrase.Of($" in line {line + 1}") : Phrase.Of("");
}

/// <summary>What the body of a request is; it may be left out.</summary>
internal sealed record TakenBody(Type Type);
