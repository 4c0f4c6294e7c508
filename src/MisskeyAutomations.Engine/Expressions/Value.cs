using System.Globalization;
using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>The closed set of kinds that a value can be.</summary>
public enum ValueKind : byte
{
    /// <summary>Nothing; a path through it is nothing again.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A double.</summary>
    Number,

    /// <summary>A text of at most 64 KiB.</summary>
    Text,

    /// <summary>A read-only list.</summary>
    List,

    /// <summary>A read-only map from names to values.</summary>
    Map,

    /// <summary>Not known yet: a look-up must be answered, then the expression is evaluated again.</summary>
    Needs,

    /// <summary>The expression has no value: the reason is a sentence for people.</summary>
    Error,
}

/// <summary>What is remembered about where a value came from. Marks survive every operation.</summary>
[Flags]
public enum ValueMarks : byte
{
    /// <summary>Data of an event or of an answer: never markup.</summary>
    None = 0,

    /// <summary>Written in a rule file: its mentions, hashtags and functions are meant.</summary>
    Markup = 1,

    /// <summary>Derived from a note that is not public.</summary>
    Private = 2,

    /// <summary>
    /// Private, and it is not known whose: kept by an earlier run, or answered by an endpoint of the rule's choice. Not even the readers of
    /// the event's own note may be told. Never without <see cref="Private"/>.
    /// </summary>
    Foreign = 4,
}

/// <summary>
/// The result of an expression. Total: no operation on it throws, an operation that makes no sense gives <see cref="ValueKind.Error"/>.
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly double _number;
    private readonly object? _reference;

    private Value(ValueKind kind, ValueMarks marks, double number, object? reference)
    {
        Kind = kind;
        Marks = marks;
        _number = number;
        _reference = reference;
    }

    /// <summary>Nothing.</summary>
    public static readonly Value Null;

    /// <summary>True.</summary>
    public static readonly Value True = new(ValueKind.Boolean, ValueMarks.None, 1, null);

    /// <summary>False.</summary>
    public static readonly Value False = new(ValueKind.Boolean, ValueMarks.None, 0, null);

    /// <summary>The kind.</summary>
    public ValueKind Kind { get; }

    /// <summary>Where it came from.</summary>
    public ValueMarks Marks { get; }

    /// <summary>Nothing.</summary>
    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>As a condition: true only for true.</summary>
    public bool IsTrue => Kind == ValueKind.Boolean && _number != 0;

    /// <summary>Whether it, or anything inside it, is derived from a note that is not public. Walks the whole value.</summary>
    public bool HoldsPrivate =>
        Marks.HasFlag(ValueMarks.Private)
        || List.Any(static entry => entry.HoldsPrivate)
        || (Map is { } map && map.Entries.Values.Any(static entry => entry.HoldsPrivate));

    /// <summary>All marks of privacy in it and in anything inside it. Walks the whole value.</summary>
    public ValueMarks PrivateMarks
    {
        get
        {
            var marks = Expressions.Marks.Private(this);
            foreach (var entry in Kind == ValueKind.Map ? Map!.Entries.Values : List)
            {
                marks |= entry.PrivateMarks;
            }

            return marks;
        }
    }

    /// <summary>Neither an error nor waiting for a look-up.</summary>
    public bool IsKnown => Kind < ValueKind.Needs;

    /// <summary>The number; 0 for other kinds.</summary>
    public double Number => Kind == ValueKind.Number ? _number : 0;

    /// <summary>The text; empty for other kinds.</summary>
    public string Text => Kind == ValueKind.Text ? _reference as string ?? ((MarkedText)_reference!).Text : "";

    /// <summary>The text with the origin of each part; a whole text of one origin for plain texts.</summary>
    public MarkedText MarkedText => _reference as MarkedText ?? MarkedText.Of(Text, Marks.HasFlag(ValueMarks.Markup));

    /// <summary>Whether it is a text of several parts with different origins.</summary>
    internal bool IsComposed => _reference is MarkedText;

    /// <summary>The entries; none for other kinds.</summary>
    public IReadOnlyList<Value> List => _reference as IReadOnlyList<Value> ?? [];

    /// <summary>The map; null for other kinds.</summary>
    public ValueMap? Map => _reference as ValueMap;

    /// <summary>What must be looked up; meaningful for <see cref="ValueKind.Needs"/> only.</summary>
    public Lookup Lookup => _reference is Lookup lookup ? lookup : default;

    /// <summary>Why there is no value; empty unless <see cref="ValueKind.Error"/>.</summary>
    public string Reason => Kind == ValueKind.Error ? (string)_reference! : "";

    /// <summary>A truth value.</summary>
    public static Value Of(bool value) => value ? True : False;

    /// <summary>A number; NaN and infinities are errors.</summary>
    public static Value Of(double value) =>
        double.IsFinite(value) ? new(ValueKind.Number, ValueMarks.None, value, null) : Error("the result is not a number");

    /// <summary>A text, or null for null.</summary>
    public static Value Of(string? text, ValueMarks marks = ValueMarks.None) =>
        text is null ? Null : new(ValueKind.Text, marks, 0, text);

    /// <summary>A text whose parts have different origins.</summary>
    public static Value Of(MarkedText text, ValueMarks marks) => new(ValueKind.Text, marks & ~ValueMarks.Markup, 0, text);

    /// <summary>A list.</summary>
    public static Value Of(IReadOnlyList<Value> entries, ValueMarks marks = ValueMarks.None) => new(ValueKind.List, marks, 0, entries);

    /// <summary>A map.</summary>
    public static Value Of(ValueMap map, ValueMarks marks = ValueMarks.None) => new(ValueKind.Map, marks, 0, map);

    /// <summary>Not known before this look-up is answered.</summary>
    public static Value Needs(Lookup lookup) => new(ValueKind.Needs, ValueMarks.None, 0, lookup);

    /// <summary>No value, and why: a sentence for people without a full stop.</summary>
    public static Value Error(string reason) => new(ValueKind.Error, ValueMarks.None, 0, reason);

    /// <summary>The value of a JSON element; objects and arrays are read at first use.</summary>
    public static Value From(JsonElement json, ValueMarks marks = ValueMarks.None) => json.ValueKind switch
    {
        JsonValueKind.True => True.With(marks),
        JsonValueKind.False => False.With(marks),
        JsonValueKind.Number => json.TryGetDouble(out var number) ? Of(number).With(marks) : Null,
        JsonValueKind.String => Of(json.GetString(), marks),
        JsonValueKind.Array => Of([.. json.EnumerateArray().Select(entry => From(entry, marks))], marks),
        JsonValueKind.Object => FromObject(json, marks | MarksOfNote(json)),
        _ => Null,
    };

    private static Value FromObject(JsonElement json, ValueMarks marks) => Of(new ValueMap(json, marks), marks);

    // A public note may answer or quote one that is not, and an answer of the API may hold any: each note brings its own mark.
    private static ValueMarks MarksOfNote(JsonElement json) =>
        json.GetText("visibility") is { } visibility && visibility != "public" ? ValueMarks.Private : ValueMarks.None;

    /// <summary>The same value with more marks.</summary>
    public Value With(ValueMarks marks) => new(Kind, Marks | marks, _number, _reference);

    /// <summary>The same value with more marks, and everything inside it as well.</summary>
    public Value WithAll(ValueMarks marks) => Kind switch
    {
        ValueKind.List => Of([.. List.Select(entry => entry.WithAll(marks))], Marks | marks),
        ValueKind.Map => Of(new ValueMap(Map!.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.WithAll(marks), StringComparer.Ordinal)), Marks | marks),
        _ => With(marks),
    };

    /// <summary>
    /// As text: null is empty, numbers are invariant and shortest, a list's entries are joined by <c>, </c>, a map is its JSON.
    /// </summary>
    public string ToText() => Kind switch
    {
        ValueKind.Text => Text,
        ValueKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Boolean => IsTrue ? "true" : "false",
        ValueKind.List => string.Join(", ", List.Select(entry => entry.ToText())),
        ValueKind.Map => ToJson(),
        _ => "",
    };

    /// <summary>As JSON text; needs and errors are null.</summary>
    public string ToJson() => JsonWriting.Write(JsonWriting.Options, WriteTo);

    /// <summary>Writes it as JSON; needs and errors are null.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ValueKind.Boolean:
                writer.WriteBooleanValue(IsTrue);
                break;
            case ValueKind.Number:
                writer.WriteNumberValue(_number);
                break;
            case ValueKind.Text:
                writer.WriteStringValue(Text);
                break;
            case ValueKind.List:
                writer.WriteStartArray();
                foreach (var entry in List)
                {
                    entry.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            case ValueKind.Map:
                Map!.WriteTo(writer);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>Exact, ordinal equality by kind and content; marks do not count.</summary>
    public bool Equals(Value other) => Kind == other.Kind && Kind switch
    {
        ValueKind.Null => true,
        ValueKind.Boolean or ValueKind.Number => _number.Equals(other._number),
        ValueKind.Text => string.Equals(Text, other.Text, StringComparison.Ordinal),
        ValueKind.List => List.SequenceEqual(other.List),
        ValueKind.Map => Map!.Equals(other.Map),
        _ => Equals(_reference, other._reference),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ValueKind.Boolean or ValueKind.Number => _number.GetHashCode(),
        ValueKind.Text => StringComparer.Ordinal.GetHashCode(Text),
        _ => (int)Kind,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Text => $"'{Text}'",
        ValueKind.Needs => $"needs {Lookup.Kind} {Lookup.Key}",
        ValueKind.Error => $"error: {Reason}",
        _ => ToText(),
    };

    /// <summary>For sentences that stand in logs: at most 40 characters of it, and nothing private.</summary>
    public string Quote()
    {
        const int Longest = 40;
        return HoldsPrivate ? "a private value"
            : Kind == ValueKind.Text ? $"'{Cut(Text)}'"
            : Cut(ToString());

        static string Cut(string text) => text.Length <= Longest ? text : $"{text[..Longest]}…";
    }

    /// <summary>Exact equality.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Exact inequality.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);
}
