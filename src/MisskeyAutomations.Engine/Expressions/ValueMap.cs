using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>A read-only map from names to values; made from JSON it is read at first use. Safe for concurrent reading.</summary>
public sealed class ValueMap : IEquatable<ValueMap>
{
    private readonly ValueMarks _marks;
    private IReadOnlyDictionary<string, Value>? _entries;
    private ComputedValue? _computed;

    /// <summary>A map over a JSON object.</summary>
    /// <param name="json">An element of kind object.</param>
    /// <param name="marks">What every value in it is marked with.</param>
    public ValueMap(JsonElement json, ValueMarks marks = ValueMarks.None)
    {
        Json = json;
        _marks = marks;
    }

    /// <summary>A map with these entries.</summary>
    public ValueMap(IReadOnlyDictionary<string, Value> entries)
    {
        _entries = entries;
    }

    /// <summary>The JSON object it was made from; null when it was not made from one.</summary>
    public JsonElement? Json { get; }

    /// <summary>The entries by exact name.</summary>
    public IReadOnlyDictionary<string, Value> Entries => _entries ??= Read();

    /// <summary>
    /// A computed property of the object, computed once: a thousand rules that look at <c>note.said</c> cost one computation.
    /// </summary>
    internal Value Computed(Property property, string server)
    {
        for (var known = _computed; known is not null; known = known.Next)
        {
            if (ReferenceEquals(known.Property, property) && known.Server == server)
            {
                return known.Value;
            }
        }

        var value = (property.Compute!(AsJson(), server) switch
        {
            string text => Value.Of(text),
            bool truth => Value.Of(truth),
            double number => Value.Of(number),
            _ => Value.Null,
        }).With(_marks);
        // Two threads may both compute it and one entry may be lost: the next reader computes it again.
        _computed = new(property, server, value, _computed);
        return value;
    }

    private JsonElement AsJson()
    {
        if (Json is { } json)
        {
            return json;
        }

        using var document = JsonDocument.Parse(Value.Of(this).ToJson());
        return document.RootElement.Clone();
    }

    /// <summary>Writes it as a JSON object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Json is { } json)
        {
            json.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, value) in Entries)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public bool Equals(ValueMap? other) =>
        other is not null && Entries.Count == other.Entries.Count
        && Entries.All(entry => other.Entries.TryGetValue(entry.Key, out var value) && value == entry.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueMap);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Count;

    private Dictionary<string, Value> Read()
    {
        var entries = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var property in Json!.Value.EnumerateObject())
        {
            entries[property.Name] = Value.From(property.Value, _marks);
        }

        return entries;
    }

    private sealed record ComputedValue(Property Property, string Server, Value Value, ComputedValue? Next);
}
