using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>What is known of an endpoint when a rule loads: what it takes and what it answers.</summary>
public sealed record EndpointShape
{
    /// <summary>Its name, such as <c>notes/create</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The permission that the account's token needs; null when it needs none.</summary>
    public string? Permission { get; init; }

    /// <summary>Everything that it takes, in the order of the API's description.</summary>
    public IReadOnlyList<EndpointParameter> Parameters { get; init; } = [];

    /// <summary>The ways to call it: one of them must be given whole. Empty when what each parameter says is all.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OneOf { get; init; } = [];

    /// <summary>What it answers.</summary>
    public Shape Answer { get; init; } = Shape.Any;

    /// <summary>The parameter that turns the answer into a list of <see cref="Answer"/>; null when there is none.</summary>
    public string? ListedBy { get; init; }

    /// <summary>What a call with these parameters answers.</summary>
    public Shape AnswerTo(IReadOnlySet<string> given) => ListedBy is not null && given.Contains(ListedBy) ? Shape.List(Answer) : Answer;
}

/// <summary>One parameter of an endpoint.</summary>
/// <param name="Name">Its exact name.</param>
/// <param name="Type">What it takes.</param>
public sealed record EndpointParameter(string Name, EndpointValue Type)
{
    /// <summary>Whether no call goes without it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it takes null.</summary>
    public bool Nullable { get; init; }

    /// <summary>What each entry of a list is; null where <see cref="Type"/> is none.</summary>
    public EndpointValue? Element { get; init; }

    /// <summary>The only words that it (or an entry of it) takes. Empty: any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The least number, number of characters or number of entries; null for any.</summary>
    public double? Least { get; init; }

    /// <summary>The greatest number, number of characters or number of entries; null for any.</summary>
    public double? Most { get; init; }

    /// <summary>What the server takes when nothing is given, as JSON; null when that is nothing.</summary>
    public string? Default { get; init; }
}

/// <summary>The kinds of values that endpoints take.</summary>
public enum EndpointValue
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A text of letters and digits.</summary>
    Id,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A list.</summary>
    List,

    /// <summary>A mapping.</summary>
    Mapping,
}

/// <summary>The endpoints that a step of type <see cref="ParameterType.Endpoint"/> may name, and what is known of them.</summary>
public sealed record EndpointCatalogue
{
    /// <summary>All known names. Servers may have others: one that is missing is warned of.</summary>
    public required IReadOnlyCollection<string> Names { get; init; }

    /// <summary>What is known of an endpoint; null when it is unknown.</summary>
    public required Func<string, EndpointShape?> Find { get; init; }

    /// <summary>Why no rule may ever call an endpoint, a sentence without its full stop; null when it may be called.</summary>
    public Func<string, Phrase?> Refusal { get; init; } = _ => null;

    /// <summary>Whether an endpoint is closed as long as the configuration says nothing else.</summary>
    public Func<string, bool> NeedsAdmin { get; init; } = _ => false;

    /// <summary>Why a rule may not give a parameter (of an endpoint, by name), a sentence without its full stop; null when it may.</summary>
    public Func<string, string, Phrase?> ParameterRefusal { get; init; } = (_, _) => null;
}
