using System.Text.Json;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Values as they are kept in the store: as JSON that loses neither a mark nor the origin of a text's parts, so that what a run
/// remembers is after a restart as private, and as little markup, as it was before.
/// </summary>
public static class StoredValue
{
    private const string MarksKey = "$marks";
    private const string ValueKey = "$value";
    private const string PartsKey = "$parts";

    /// <summary>
    /// Writes a known value. Without marks it is its plain JSON; a marked one is <c>{"$marks":2,"$value":…}</c>, a text of several
    /// origins <c>{"$marks":0,"$parts":["Hi ",true,"@everyone",false]}</c> with each part's text and whether it is markup.
    /// </summary>
    /// <exception cref="ArgumentException">The value is an error, or waits for a look-up.</exception>
    public static string Write(Value value)
    {
        if (!value.IsKnown)
        {
            throw new ArgumentException($"Only what is known can be stored, not '{value}'.", nameof(value));
        }

        return JsonWriting.Write(JsonWriting.Options, json => Write(json, value, ValueMarks.None));
    }

    /// <summary>Reads what <see cref="Write(Value)"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Value Read(string text) => Read(JsonElement.Parse(text), ValueMarks.None);

    // What a list or map is marked with goes without saying for what it holds, so it is written once, at the top.
    private static void Write(Utf8JsonWriter json, Value value, ValueMarks outer)
    {
        if (value.IsComposed)
        {
            WriteParts(json, value);
        }
        else if (value.Marks != outer || IsEnvelope(value.Map))
        {
            json.WriteStartObject();
            json.WriteNumber(MarksKey, (int)value.Marks);
            json.WritePropertyName(ValueKey);
            WritePlain(json, value);
            json.WriteEndObject();
        }
        else
        {
            WritePlain(json, value);
        }
    }

    private static void WriteParts(Utf8JsonWriter json, Value text)
    {
        json.WriteStartObject();
        json.WriteNumber(MarksKey, (int)text.Marks);
        json.WriteStartArray(PartsKey);
        foreach (var (part, isMarkup) in text.MarkedText.Parts)
        {
            json.WriteStringValue(part);
            json.WriteBooleanValue(isMarkup);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePlain(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.List:
                json.WriteStartArray();
                foreach (var entry in value.List)
                {
                    Write(json, entry, value.Marks);
                }

                json.WriteEndArray();
                break;
            case ValueKind.Map:
                json.WriteStartObject();
                foreach (var (name, entry) in value.Map!.Entries)
                {
                    json.WritePropertyName(name);
                    Write(json, entry, value.Marks);
                }

                json.WriteEndObject();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    // A map that looks like an envelope of this format is put into one, so that it is not taken for what it is not.
    private static bool IsEnvelope(ValueMap? map) => map is not null && map.Entries.ContainsKey(MarksKey);

    private static Value Read(JsonElement json, ValueMarks outer)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(MarksKey, out var marks))
        {
            return ReadPlain(json, outer);
        }

        var own = (ValueMarks)marks.GetInt32();
        return json.TryGetProperty(PartsKey, out var parts) ? ReadParts(parts, own) : ReadPlain(json.GetProperty(ValueKey), own);
    }

    private static Value ReadParts(JsonElement parts, ValueMarks marks) => Value.Of(
        MarkedText.Join(parts.EnumerateArray().Chunk(2).Select(part => MarkedText.Of(part[0].GetString()!, part[1].GetBoolean()))), marks);

    private static Value ReadPlain(JsonElement json, ValueMarks marks) => json.ValueKind switch
    {
        JsonValueKind.Array => Value.Of([.. json.EnumerateArray().Select(entry => Read(entry, marks))], marks),
        JsonValueKind.Object => Value.Of(
            new ValueMap(json.EnumerateObject().ToDictionary(property => property.Name, property => Read(property.Value, marks), StringComparer.Ordinal)), marks),
        JsonValueKind.Null => Value.Null.With(marks),
        _ => Value.From(json, marks),
    };
}
