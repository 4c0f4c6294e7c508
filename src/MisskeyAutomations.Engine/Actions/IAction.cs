using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>A kind of deed that rules can ask for. One object serves all runs; it holds no state of its own.</summary>
public interface IAction
{
    /// <summary>The step's row in the table.</summary>
    ActionDescriptor Descriptor { get; }

    /// <summary>
    /// Makes the request of a step from its evaluated arguments: pure, never sends, keeps the visibility floor.
    /// Called again with the same input it prepares the same request.
    /// </summary>
    Preparation Prepare(ActionInput input);

    /// <summary>Sends a frozen intent once and says what became of it. Faults of the network are outcomes, not exceptions.</summary>
    /// <param name="intent">As prepared, or as read back from the store.</param>
    /// <param name="account">The name of the account that acts.</param>
    /// <param name="cancellationToken">Ends the program: an intent cut off after its first byte is uncertain.</param>
    Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken);

    /// <summary>Whether what an intent makes can be looked for while nobody knows whether it was made. Only notes can.</summary>
    bool CanLookFor(Intent intent) => false;

    /// <summary>Looks once, and only reads. Asked only about what <see cref="CanLookFor"/> agreed to.</summary>
    /// <param name="search">What is looked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Sighting> LookAsync(Search search, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>What an action gets to make its request from.</summary>
public sealed record ActionInput
{
    /// <summary>The event that started the run.</summary>
    public required Event Event { get; init; }

    /// <summary>The evaluated arguments by name; the step's own key is <see cref="Main"/>. Options that were not given are missing.</summary>
    public required IReadOnlyDictionary<string, Value> Arguments { get; init; }

    /// <summary>What the rule set says for all rules.</summary>
    public required ActionDefaults Defaults { get; init; }

    /// <summary>Answered look-ups and the clock.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The same for every attempt at this step of this run, and for no other step: by it a server knows a repetition.</summary>
    public string RepeatKey { get; init; } = "";

    /// <summary>Whether text of notes that are not public may leave through this step (<c>allow-private: true</c>).</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>The notes that the run waited for: replies of the event's user, in the order in which they were taken.</summary>
    public IReadOnlyList<System.Text.Json.JsonElement> Heard { get; init; } = [];

    /// <summary>Whether the run read something with <c>state</c> that comes from a note which is not public: whose, nobody knows.</summary>
    public bool KnowsPrivateState { get; init; }

    /// <summary>What stood behind the step's own key.</summary>
    public Value Main => Arguments.TryGetValue("", out var value) ? value : Value.Null;

    /// <summary>An option, or null when it was not given.</summary>
    public Value this[string option] => Arguments.TryGetValue(option, out var value) ? value : Value.Null;
}

/// <summary>What <c>defaults:</c> says to actions.</summary>
public sealed record ActionDefaults
{
    /// <summary>The visibility of notes that answer nothing.</summary>
    public string Visibility { get; init; } = "public";

    /// <summary>The server's limit of a note's length in code points.</summary>
    public int MaxNoteLength { get; init; } = 3000;

    /// <summary>Whether <c>api:</c> may call account-changing and administrators' endpoints (<c>allow-admin: true</c> in the configuration).</summary>
    public bool AllowAdmin { get; init; }
}

/// <summary>What an action made of its input.</summary>
public abstract record Preparation
{
    private Preparation()
    {
    }

    /// <summary>The request is ready to be frozen.</summary>
    public sealed record Ready(Intent Intent) : Preparation;

    /// <summary>The step does nothing, and why: text came out empty, would widen visibility, nobody to send to.</summary>
    public sealed record Skip(string Reason) : Preparation;

    /// <summary>A look-up must be answered first; then it is prepared again.</summary>
    public sealed record Needs(Lookup Lookup) : Preparation;

    /// <summary>The arguments make no request: the step fails with this reason.</summary>
    public sealed record Invalid(string Reason) : Preparation;
}
