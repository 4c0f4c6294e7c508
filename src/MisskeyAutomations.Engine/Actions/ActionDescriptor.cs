namespace MisskeyAutomations.Engine.Actions;

/// <summary>
/// One row of the table of steps: what a step is called, what it takes and what it needs. Checking, docs and the editor schema are
/// made from it.
/// </summary>
public sealed record ActionDescriptor
{
    /// <summary>The key under <c>do:</c>, such as <c>follow</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people: what the step does.</summary>
    public required string Doc { get; init; }

    /// <summary>What stands behind the step's own key: <c>follow: user</c>.</summary>
    public required ParameterType Main { get; init; }

    /// <summary>The options beside it.</summary>
    public IReadOnlyList<Parameter> Options { get; init; } = [];

    /// <summary>The Misskey endpoint it calls; null for steps that call none, and for <c>api</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The permission that the account's token needs, such as <c>write:following</c>; null when it needs none.</summary>
    public string? Permission { get; init; }

    /// <summary>Whether the step answers a note, so that the rule's events must bring one (unless <c>to</c> is given).</summary>
    public bool NeedsNote { get; init; }

    /// <summary>Whether the step is for a person, so that the rule's events must bring one (unless <c>to</c> is given).</summary>
    public bool NeedsUser { get; init; }

    /// <summary>Whether the step answers somebody: then its rule's <c>late</c> is an hour unless told otherwise.</summary>
    public bool Answers { get; init; }

    /// <summary>What a step of unknown effect may do; see <see cref="Repeat"/>.</summary>
    public required Repeat Repeat { get; init; }

    /// <summary>The shape of what <c>as:</c> keeps, for docs; null when it keeps nothing.</summary>
    public string? Gives { get; init; }

    /// <summary>The endpoints that a step of type <see cref="ParameterType.Endpoint"/> may name; another one is warned of. Empty: any.</summary>
    public IReadOnlyCollection<string> KnownEndpoints { get; init; } = [];
}

/// <summary>Whether a request whose effect is unknown may be sent again.</summary>
public enum Repeat
{
    /// <summary>Sending it twice is the same as sending it once: it is repeated.</summary>
    Natural,

    /// <summary>Sending it twice would show: it is never sent again without proof of absence.</summary>
    Never,
}

/// <summary>One option of a step.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Doc">One line for people.</param>
public sealed record Parameter(string Name, ParameterType Type, string Doc);

/// <summary>What a step's key or option takes, and so whether it is read as an expression, a text or structure.</summary>
public enum ParameterType
{
    /// <summary>Text with holes.</summary>
    Text,

    /// <summary>An expression that gives a user (an object with an id, or an id).</summary>
    User,

    /// <summary>An expression that gives a note (an object with an id, or an id).</summary>
    Note,

    /// <summary>An expression that gives a user or a list of users; or a text <c>'@name@host'</c>.</summary>
    Users,

    /// <summary>One of <c>public home followers specified</c>.</summary>
    Visibility,

    /// <summary>A custom emoji's bare name, or a Unicode emoji; may hold holes.</summary>
    Reaction,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A duration such as <c>7d</c>.</summary>
    Duration,

    /// <summary>An expression that gives a list of files or file ids.</summary>
    Files,

    /// <summary>A mapping, list or scalar of any depth whose texts may hold holes.</summary>
    Json,

    /// <summary>A literal endpoint name such as <c>notes/create</c>, without holes.</summary>
    Endpoint,

    /// <summary>A literal word, without holes.</summary>
    Word,
}
