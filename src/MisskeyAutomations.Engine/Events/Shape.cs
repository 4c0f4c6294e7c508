using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>What kind of value a field holds, as far as it is known when a rule loads.</summary>
public abstract record Shape
{
    private Shape()
    {
    }

    /// <summary>Could be anything: nothing is checked when the rule loads.</summary>
    public static readonly Shape Any = new AnyShape();

    /// <summary>A text, or null.</summary>
    public static readonly Shape Text = new TextShape();

    /// <summary>A double, or null.</summary>
    public static readonly Shape Number = new NumberShape();

    /// <summary>True, false or null.</summary>
    public static readonly Shape Boolean = new BooleanShape();

    /// <summary>A list of <paramref name="element"/>, or null.</summary>
    public static Shape List(Shape element) => new ListShape(element);

    /// <summary>Could be anything.</summary>
    public sealed record AnyShape : Shape;

    /// <summary>A text.</summary>
    public sealed record TextShape : Shape;

    /// <summary>A number.</summary>
    public sealed record NumberShape : Shape;

    /// <summary>A truth value.</summary>
    public sealed record BooleanShape : Shape;

    /// <summary>A list.</summary>
    /// <param name="Element">What each entry is.</param>
    public sealed record ListShape(Shape Element) : Shape;

    /// <summary>An object with known properties; compared by identity, because notes hold notes.</summary>
    /// <param name="Name">How messages call it: <c>user</c>, <c>note</c> …</param>
    /// <param name="Open">Whether properties that are not in the table are allowed (their shape is <see cref="Any"/>).</param>
    public sealed record ObjectShape(string Name, bool Open = false) : Shape
    {
        private readonly Dictionary<string, Property> _properties = new(StringComparer.Ordinal);

        /// <summary>The known properties by their exact name.</summary>
        public IReadOnlyDictionary<string, Property> Properties => _properties;

        /// <summary>Whether objects of this shape carry an <c>id</c> by which missing fields can be looked up.</summary>
        public bool IsEntity => _properties.ContainsKey("id");

        internal ObjectShape With(params ReadOnlySpan<Property> properties)
        {
            foreach (var property in properties)
            {
                _properties.Add(property.Name, property);
            }

            return this;
        }

        /// <inheritdoc/>
        public bool Equals(ObjectShape? other) => ReferenceEquals(this, other);

        /// <inheritdoc/>
        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

        /// <inheritdoc/>
        public override string ToString() => Name;
    }
}

/// <summary>One property of an object: what it holds and where it comes from.</summary>
/// <param name="Name">As on the wire, or as the rule language names a computed one.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Doc">One line for people.</param>
public sealed record Property(string Name, Shape Shape, string Doc)
{
    /// <summary>The look-up that brings the property when the payload lacks it; null when it is always in the payload or computed.</summary>
    public LookupKind? Enrichment { get; init; }

    /// <summary>
    /// Computes the property from its object: a string, a bool, a double or null. Null for recorded properties.
    /// </summary>
    public Func<JsonElement, string, object?>? Compute { get; init; }
}

/// <summary>A question that only the network or the store can answer.</summary>
public enum LookupKind
{
    /// <summary><c>users/show</c> by user id: one user object.</summary>
    UserShow,

    /// <summary><c>users/show</c> by user id, asked only for whether the person is still there.</summary>
    UserExistence,

    /// <summary><c>users/relation</c> by user id: one relation object (the API answers an array; the first entry is meant).</summary>
    UserRelation,

    /// <summary><c>notes/show</c> by note id: one note object.</summary>
    NoteShow,

    /// <summary>A value kept by <c>set</c>.</summary>
    State,

    /// <summary>The account's user lists with this id or name, an array: one, none, or several of one name.</summary>
    OwnLists,

    /// <summary>The account's clips with this id or name, an array: one, none, or several of one name.</summary>
    OwnClips,
}

/// <summary>Where look-ups are asked.</summary>
public static class LookupKinds
{
    extension(LookupKind kind)
    {
        /// <summary>The endpoint of Misskey that answers; null where it is the store.</summary>
        public string? Endpoint => kind switch
        {
            LookupKind.UserShow or LookupKind.UserExistence => "users/show",
            LookupKind.UserRelation => "users/relation",
            LookupKind.NoteShow => "notes/show",
            LookupKind.OwnLists => "users/lists/list",
            LookupKind.OwnClips => "clips/list",
            _ => null,
        };
    }
}

/// <summary>One look-up: what is asked and about whom.</summary>
/// <param name="Kind">The question.</param>
/// <param name="Key">The user's or note's id, the state's key, or a list's or clip's id or name.</param>
public readonly record struct Lookup(LookupKind Kind, string Key);
