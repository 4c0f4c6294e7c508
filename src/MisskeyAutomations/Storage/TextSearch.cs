using System.Buffers;
using System.Text;
using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Looks for a text in what people wrote, and in who they are: notes, warnings, names, <c>@name@host</c>, reactions, comments. Most bodies
/// are passed over by their letters, without being read.
/// </summary>
internal sealed class TextSearch
{
    // What is written otherwise in JSON, or stands in several places of it.
    private static readonly char[] Breaks = ['"', '\\', '/', '\n', '\r', '\t', '@', '<', '>', '&', '\'', '+'];

    // Other names hold ids, addresses of pictures, and words of Misskey's own.
    private static readonly string[] Telling = ["text", "cw", "name", "username", "host", "reaction", "comment", "tags"];

    private readonly string _text;
    private readonly SearchValues<string>? _letters;

    private TextSearch(string text)
    {
        _text = text;
        var longest = text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries).MaxBy(piece => piece.Length);
        _letters = longest is null ? null : SearchValues.Create([longest], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Looks for a text, as bodies are read: with U+FFFD for what is none; null when there is nothing to look for.</summary>
    public static TextSearch? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null : new(PostgresStatement.Storable(text.Trim()));

    /// <summary>Whether it is in a request as it came.</summary>
    public bool IsIn(byte[] body, bool isScrubbed)
    {
        if (!MayHaveLetters(body))
        {
            return false;
        }

        try
        {
            return Holds(ScrubbedJson.Parse(body, isScrubbed));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // What cannot be read is set aside, and listed there.
            return false;
        }
    }

    // Where a letter may be written as its number, letters do not tell.
    private bool MayHaveLetters(byte[] body)
    {
        if (_letters is null || body.AsSpan().IndexOf("\\u"u8) >= 0)
        {
            return true;
        }

        var characters = ArrayPool<char>.Shared.Rent(body.Length);
        try
        {
            return characters.AsSpan(0, Encoding.UTF8.GetChars(body, characters)).ContainsAny(_letters);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private bool Holds(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => HasName(element) || element.EnumerateObject().Any(member => IsTelling(member) || Holds(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(Holds),
        _ => false,
    };

    private bool IsTelling(JsonProperty member) => Telling.Contains(member.Name, StringComparer.Ordinal) && member.Value.ValueKind switch
    {
        JsonValueKind.String => Has(member.Value.GetString()!),
        JsonValueKind.Array => member.Value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && Has(item.GetString()!)),
        _ => false,
    };

    private bool HasName(JsonElement person) => _text.Contains('@', StringComparison.Ordinal) && person.Acct() is { } name && Has($"@{name}");

    private bool Has(string text) => text.Contains(_text, StringComparison.OrdinalIgnoreCase);
}
