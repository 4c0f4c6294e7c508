using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>A call that passed authentication, limits and validation: who calls, with what, and where the answer goes.</summary>
internal sealed class ApiRequest(Account? caller, JsonElement body, Utf8JsonWriter json, UploadedFile? file)
{
    /// <summary>Null when an endpoint that needs no token was called without one.</summary>
    public Account? Caller => caller;

    /// <summary>The caller of an endpoint that demands a token.</summary>
    public Account Me => caller!;

    public JsonElement Body => body;

    public Utf8JsonWriter Json => json;

    public UploadedFile? File => file;

    /// <summary>Whether it was announced to <see cref="ApiEndpoint.Begin"/>.</summary>
    public bool IsBegun { get; init; }

    public bool Has(string name) => body.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null;

    public string? Text(string name) => Has(name) ? body.GetProperty(name).GetString() : null;

    public long? Integer(string name) => Has(name) ? body.GetProperty(name).GetInt64() : null;

    /// <summary>Milliseconds since 1970 as a time; one out of .NET's range becomes the nearest inside it.</summary>
    public static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
            known, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        : null;

    public bool Flag(string name, bool byDefault = false) => Has(name) ? body.GetProperty(name).GetBoolean() : byDefault;

    public string[] Texts(string name) =>
        Has(name) ? [.. body.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)] : [];

    /// <summary>
    /// Newest first within (sinceId, untilId), at most <c>limit</c> (10 unless asked otherwise); with sinceId alone the
    /// oldest come first, as Misskey pages. A time stands for the id that would be made then. Looks at no more items than it has to.
    /// </summary>
    public IEnumerable<T> Page<T>(IReadOnlyList<T> oldestFirst, Func<T, string> id, Func<T, bool>? wanted = null)
    {
        var since = Text("sinceId") ?? IdAt("sinceDate");
        var until = Text("untilId") ?? IdAt("untilDate");
        var items = since is not null && until is null ? oldestFirst : Backwards(oldestFirst);
        return items
            .Where(item => (since is null || string.CompareOrdinal(id(item), since) > 0)
                && (until is null || string.CompareOrdinal(id(item), until) < 0)
                && (wanted is null || wanted(item)))
            .Take((int)(Integer("limit") ?? 10));
    }

    public void WriteArray<T>(IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }
        json.WriteEndArray();
    }

    private string? IdAt(string name) => Time(Integer(name)) is { } time ? AidxIds.Before(time) : null;

    private static IEnumerable<T> Backwards<T>(IReadOnlyList<T> items)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            yield return items[i];
        }
    }
}

/// <summary>The file of a multipart request.</summary>
internal sealed record UploadedFile(string Name, string ContentType, string Md5, long Size);
