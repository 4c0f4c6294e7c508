using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Answers look-ups on a <see cref="Stage"/>, which says for whom it asks.</summary>
public abstract class StageLookups : ILookups
{
    /// <summary>The event whose run is at work, for reading its note and user again after a wait.</summary>
    public Event? Event { get; internal set; }

    /// <summary>Whether the run at work has waited: then the event's own note and user are read again.</summary>
    public bool HasWaited { get; internal set; }

    /// <summary>The rule at work.</summary>
    public string Rule { get; internal set; } = "";

    /// <inheritdoc/>
    /// <exception cref="LookupNotGivenException">Nobody knows the answer: the run that asks cannot be decided.</exception>
    public abstract Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken);
}

/// <summary>Nobody knows the answer to a look-up, and none is made up.</summary>
/// <param name="lookup">The question.</param>
public sealed class LookupNotGivenException(Lookup lookup) : Exception($"The answer to {lookup.Kind.Endpoint} is not given.")
{
    /// <summary>The question.</summary>
    public Lookup Lookup { get; } = lookup;
}
