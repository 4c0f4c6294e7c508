using System.Text.Json;
using System.Text.Unicode;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Webhooks;

/// <summary>What one strict pass over a request's body found.</summary>
internal readonly record struct EnvelopeScan
{
    /// <summary>How deep arrays and objects may be nested.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many tokens a body may have.</summary>
    public const int MaxTokens = 50_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Why the body can never become valid: a sentence for people; null when it is one JSON object that can be read.</summary>
    public string? Flaw { get; private init; }

    /// <summary>The envelope's <c>hookId</c>; null when missing or not a text.</summary>
    public string? HookId { get; private init; }

    /// <summary>The envelope's <c>eventId</c>; null when missing or not a text.</summary>
    public string? EventId { get; private init; }

    /// <summary>The envelope's <c>createdAt</c>; 0 when missing or not a whole number.</summary>
    public long CreatedAt { get; private init; }

    /// <summary>The envelope's <c>type</c>; null when missing or not a text.</summary>
    public string? Type { get; private init; }

    /// <summary>Whether the envelope names a user whose webhook it is.</summary>
    public bool HasUserId { get; private init; }

    /// <summary>Whether lone surrogates, NUL or bytes that are no UTF-8 stand in its texts: see <see cref="ScrubbedJson"/>.</summary>
    public bool Scrubbed { get; private init; }

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body once, from its first byte to its last, without building anything of it.</summary>
    public static EnvelopeScan Of(ReadOnlySpan<byte> body)
    {
        var json = body.StartsWith(Bom) ? body[Bom.Length..] : body;
        var keys = new KeySets();
        try
        {
            return Read(json, ref keys);
        }
        catch (JsonException broken)
        {
            // The reader's own sentence may hold what follows in the body, which is for no log.
            return new() { Flaw = $"The body is not JSON of at most {MaxDepth} levels, from byte {broken.BytePositionInLine + 1} of its line {broken.LineNumber + 1} on." };
        }
        finally
        {
            keys.Dispose();
        }
    }

    private static EnvelopeScan Read(ReadOnlySpan<byte> json, ref KeySets keys)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: true, new JsonReaderState(Options));
        var hasEscapes = json.IndexOf("\\u"u8) >= 0;
        var scrubbed = !Utf8.IsValid(json);
        var field = Field.Other;
        string? hookId = null;
        string? eventId = null;
        string? type = null;
        var hasUserId = false;
        var createdAt = 0L;
        for (var tokens = 1; reader.Read(); tokens++)
        {
            if (tokens > MaxTokens)
            {
                return new() { Flaw = $"The body has more than {MaxTokens} parts." };
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    keys.Open();
                    break;
                case not JsonTokenType.StartObject when tokens == 1:
                    return new() { Flaw = "The body is not a JSON object." };
                case JsonTokenType.PropertyName when !keys.Add(ref reader):
                case JsonTokenType.EndObject when !keys.Close():
                    return new() { Flaw = "The body has an object with the same key twice." };
                case JsonTokenType.PropertyName:
                    var isBroken = reader.ValueIsEscaped && HasBrokenEscapes(reader.ValueSpan);
                    field = reader.CurrentDepth == 1 && !isBroken ? FieldOf(ref reader) : Field.Other;
                    break;
                case JsonTokenType.String when field == Field.HookId && reader.CurrentDepth == 1:
                    hookId = TextOf(ref reader);
                    break;
                case JsonTokenType.String when field == Field.EventId && reader.CurrentDepth == 1:
                    eventId = TextOf(ref reader);
                    break;
                case JsonTokenType.String when field == Field.Type && reader.CurrentDepth == 1:
                    type = TextOf(ref reader);
                    break;
                case JsonTokenType.String when field == Field.UserId && reader.CurrentDepth == 1:
                    hasUserId = true;
                    break;
                case JsonTokenType.Number when field == Field.CreatedAt && reader.CurrentDepth == 1:
                    createdAt = reader.TryGetInt64(out var number) ? number : 0;
                    break;
            }

            scrubbed |= hasEscapes && reader.ValueIsEscaped && HasBrokenEscapes(reader.ValueSpan);
        }

        return new() { HookId = hookId, EventId = eventId, CreatedAt = createdAt, Type = type, HasUserId = hasUserId, Scrubbed = scrubbed };
    }

    private static Field FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("eventId"u8) ? Field.EventId
        : reader.ValueTextEquals("hookId"u8) ? Field.HookId
        : reader.ValueTextEquals("createdAt"u8) ? Field.CreatedAt
        : reader.ValueTextEquals("userId"u8) ? Field.UserId
        : reader.ValueTextEquals("type"u8) ? Field.Type : Field.Other;

    // A text that must be scrubbed is as good as none.
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool HasBrokenEscapes(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'\\') is var escape and >= 0)
        {
            var (length, isText) = ScrubbedJson.ReadEscape(text[escape..]);
            if (!isText)
            {
                return true;
            }

            text = text[(escape + length)..];
        }

        return false;
    }

    private enum Field
    {
        Other,
        HookId,
        EventId,
        CreatedAt,
        UserId,
        Type,
    }
}
