using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Shapes and kinds in people's words.</summary>
internal static class ShapeWords
{
    /// <summary>With its article: <c>a text</c>, <c>a number</c> …</summary>
    public static Phrase Of(Shape shape) => shape switch
    {
        Shape.TextShape => "a text",
        Shape.NumberShape => "a number",
        Shape.BooleanShape => "true or false",
        Shape.ListShape => "a list",
        Shape.ObjectShape { Open: true } => "an object",
        Shape.ObjectShape { Name: "event" } => "an event",
        Shape.ObjectShape { Name: "error" } => "an error",
        Shape.ObjectShape { Name: "me" } => "a user",
        Shape.ObjectShape { Name: "user" } => "a user",
        Shape.ObjectShape { Name: "note" } => "a note",
        Shape.ObjectShape entity => Phrase.Of($"a {entity.Name}"),
        _ => "a value",
    };

    /// <summary>With its article: <c>a text</c>, <c>a number</c> …</summary>
    public static Phrase OfKind(ValueKind kind) => kind switch
    {
        ValueKind.Text => "a text",
        ValueKind.Number => "a number",
        ValueKind.Boolean => "true or false",
        ValueKind.List => "a list",
        ValueKind.Map => "an object",
        _ => "nothing",
    };

    /// <summary>Whether values of both shapes may be of one kind.</summary>
    public static bool AreComparable(Shape left, Shape right) =>
        left is Shape.AnyShape || right is Shape.AnyShape || (left, right) switch
        {
            (Shape.ObjectShape a, Shape.ObjectShape b) => a.Open || b.Open || ReferenceEquals(a, b),
            _ => left.GetType() == right.GetType(),
        };
}
