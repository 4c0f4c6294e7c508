namespace MisskeyAutomations.Engine.Actions;

/// <summary>A step's frozen request: what is on disk before anything is sent, and the only thing that is ever sent.</summary>
public sealed record Intent
{
    /// <summary>The step's name, such as <c>reply</c>: finds the action that sends it.</summary>
    public required string Action { get; init; }

    /// <summary>The endpoint, such as <c>notes/create</c>; empty where there is none (<c>log</c>).</summary>
    public required string Endpoint { get; init; }

    /// <summary>The request body, compact JSON; for <c>log</c> an object with <c>level</c> and <c>text</c>.</summary>
    public required string Body { get; init; }

    /// <summary>
    /// Whether it may be sent again while its effect is unknown. It is the endpoint that decides, so that <c>api</c> can differ from
    /// intent to intent.
    /// </summary>
    public Repeat Repeat { get; init; } = Repeat.Never;

    /// <summary>The account budget that it draws on; null for none.</summary>
    public string? Budget { get; init; }

    /// <summary>The person whose event is answered, where something is posted because of them; null otherwise. Counts for reply caps.</summary>
    public string? AnswersUser { get; init; }

    /// <summary>The thread in which it is posted, for reply caps: the id of the thread's first note that is known; null otherwise.</summary>
    public string? Thread { get; init; }

    /// <summary>One line for people: <c>reply to @bob: "PONG!"</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>When it was frozen, by our clock: what it makes is not older. Null in what former versions stored.</summary>
    public DateTimeOffset? FrozenAt { get; init; }

    /// <summary>What was changed for safety's or the server's sake, for the trace: text cut, visibility narrowed.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
