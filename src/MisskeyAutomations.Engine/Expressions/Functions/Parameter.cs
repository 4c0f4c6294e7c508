using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>What a parameter takes.</summary>
internal enum ParameterType
{
    Any,
    Text,
    Number,
    Boolean,
    List,
    TextOrList,
    Pattern,
    TextOrPattern,
    Time,
    User,
    Condition,
}

/// <summary>One parameter of a function.</summary>
/// <param name="Name">As in the docs.</param>
/// <param name="Type">What it takes; null is taken everywhere.</param>
internal sealed record Parameter(string Name, ParameterType Type)
{
    /// <summary>What it is when it is left out, as in the docs; null when it cannot be left out.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it can be left out without a value of its own.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it takes all further arguments, one at least.</summary>
    public bool IsRest { get; init; }

    public bool TakesPattern => Type is ParameterType.Pattern or ParameterType.TextOrPattern;

    /// <summary>Whether values of a shape can be meant.</summary>
    public bool Takes(Shape shape) => shape is Shape.AnyShape || Type switch
    {
        ParameterType.Any => true,
        ParameterType.Text or ParameterType.Time or ParameterType.TextOrPattern => shape is Shape.TextShape,
        ParameterType.Number => shape is Shape.NumberShape,
        ParameterType.Boolean or ParameterType.Condition => shape is Shape.BooleanShape,
        ParameterType.List => shape is Shape.ListShape,
        ParameterType.TextOrList => shape is Shape.TextShape or Shape.ListShape,
        ParameterType.User => shape is Shape.ObjectShape { Open: true } || ReferenceEquals(shape, Schema.User) || ReferenceEquals(shape, Schema.Me),
        _ => false,
    };

    /// <summary>Whether a value can be worked on, once it is there.</summary>
    public bool Takes(Value value) => value.IsNull || Type switch
    {
        ParameterType.Text or ParameterType.Time or ParameterType.TextOrPattern => value.Kind == ValueKind.Text,
        ParameterType.Number => value.Kind == ValueKind.Number,
        ParameterType.Boolean or ParameterType.Condition => value.Kind == ValueKind.Boolean,
        ParameterType.List => value.Kind == ValueKind.List,
        ParameterType.TextOrList => value.Kind is ValueKind.Text or ValueKind.List,
        ParameterType.User => value.Kind == ValueKind.Map,
        _ => true,
    };

    /// <summary>What it takes, in words.</summary>
    public Phrase Words => Type switch
    {
        ParameterType.Text => "a text",
        ParameterType.Number => "a number",
        ParameterType.Boolean or ParameterType.Condition => "a condition",
        ParameterType.List => "a list",
        ParameterType.TextOrList => "a text or a list",
        ParameterType.Pattern => "a regular expression",
        ParameterType.TextOrPattern => "a text or a regular expression",
        ParameterType.Time => "a time",
        ParameterType.User => "a user",
        _ => "a value",
    };

    public override string ToString() => IsRest ? $"{Name}, …" : Default is not null ? $"{Name} = {Default}" : IsOptional ? $"{Name}?" : Name;
}
