using MisskeyAutomations.Engine.Events;

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

    /// <summary>The account budget that it draws on, by its name under <c>defaults: budget:</c>; null for none, and for <c>api</c>.</summary>
    public string? Budget { get; init; }

    /// <summary>What preparing the step may have to look up, whatever its expressions look up beside that.</summary>
    public IReadOnlyList<LookupKind> Lookups { get; init; } = [];

    /// <summary>Whether the step answers a note, so that the rule's events must bring one (unless <c>to</c> is given).</summary>
    public bool NeedsNote { get; init; }

    /// <summary>Whether the step is about the event's user, so that the rule's events must bring one (unless <c>to</c> is given).</summary>
    public bool NeedsUser { get; init; }

    /// <summary>Whether the step answers somebody: then its rule's <c>late</c> is an hour unless told otherwise.</summary>
    public bool Answers { get; init; }

    /// <summary>What a step of unknown effect may do; see <see cref="Repeat"/>.</summary>
    public required Repeat Repeat { get; init; }

    /// <summary>What a rule may ask of it with <c>delivery</c>; none where nothing is sent.</summary>
    public IReadOnlyList<Assurance> Assurances { get; init; } = Enum.GetValues<Assurance>();

    /// <summary>What <c>as:</c> keeps, in a word for docs: <c>note</c>, <c>user</c>, <c>file</c> or another; null when it keeps nothing.</summary>
    public string? Gives { get; init; }

    /// <summary>The shape of what <c>as:</c> keeps.</summary>
    public Shape GivenShape => Gives switch
    {
        "note" => Schema.Note,
        "user" => Schema.User,
        "file" => Schema.File,
        "response" => Schema.Response,
        _ => Shape.Any,
    };

    /// <summary>Whether secrets may go out through it: as its whole address, and in its headers and body.</summary>
    public bool TakesSecrets { get; init; }

    /// <summary>The endpoints that a step of type <see cref="ParameterType.Endpoint"/> may name; null: nothing is known of any.</summary>
    public EndpointCatalogue? Endpoints { get; init; }
}

/// <summary>Whether a request whose effect is unknown may be sent again.</summary>
public enum Repeat
{
    /// <summary>Sending it twice is the same as sending it once: it is repeated.</summary>
    Natural,

    /// <summary>Sending it twice would show: it is never sent again without proof of absence.</summary>
    Never,
}

/// <summary>What a rule asks for a request whose effect may be unknown, with <c>delivery:</c>.</summary>
public enum Assurance
{
    /// <summary>The step's own way (the default): repeated where that does no harm, otherwise not without proof of absence.</summary>
    EffectivelyOnce,

    /// <summary>Never repeated once it may have arrived.</summary>
    AtMostOnce,

    /// <summary>Repeated until an answer comes, even if that does it twice.</summary>
    AtLeastOnce,
}

/// <summary>One option of a step.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Doc">One line for people.</param>
public sealed record Parameter(string Name, ParameterType Type, string Doc)
{
    /// <summary>Whether the step cannot do without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The words that a <see cref="ParameterType.Word"/> may be; empty for any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

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

    /// <summary>A poll: <c>choices</c>, <c>multiple</c> and <c>expires</c>, whose texts may hold holes.</summary>
    Poll,

    /// <summary>A mapping, list or scalar of any depth whose texts may hold holes.</summary>
    Json,

    /// <summary>A literal endpoint name such as <c>notes/create</c>, without holes.</summary>
    Endpoint,

    /// <summary>A literal word, without holes.</summary>
    Word,

    /// <summary>The address of a web page or service: its host is literal, holes stand in its path and query; or one secret as a whole.</summary>
    Address,

    /// <summary>A mapping from names of HTTP headers to texts with holes.</summary>
    Headers,
}
