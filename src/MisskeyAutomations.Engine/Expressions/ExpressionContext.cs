using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>What an expression may name, known when a rule loads.</summary>
public sealed record ExpressionContext
{
    /// <summary>The variables by name: those of the rule's events, and named values of earlier steps.</summary>
    public required IReadOnlyDictionary<string, Shape> Variables { get; init; }

    /// <summary>The names of the rule set's lists.</summary>
    public IReadOnlySet<string> Lists { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The rule's event types, for notes such as <c>event 'followed' gives user: …</c>.</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>What distinguishes the dice of this place from those of others, such as <c>when</c> or <c>do[0].reply</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>Whether <c>${secret.NAME}</c> may stand here as a hole of its own.</summary>
    public bool AllowsSecrets { get; init; }

    /// <summary>Whether the text is sent to people to read, so that a whole object in it is a mistake.</summary>
    public bool IsForPeople { get; init; }

    /// <summary>Gathers what the compiled expressions may look up; null when nobody wants to know.</summary>
    public ISet<LookupKind>? Lookups { get; init; }
}
