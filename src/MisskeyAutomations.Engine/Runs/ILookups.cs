using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Answers questions that need the network or the store. Never throws for what the other side says.</summary>
public interface ILookups
{
    /// <summary>Asks once, as the given account.</summary>
    Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken);
}

/// <summary>The answer to a look-up.</summary>
public abstract record LookupAnswer
{
    private LookupAnswer()
    {
    }

    /// <summary>Here it is.</summary>
    public sealed record Found(JsonElement Json) : LookupAnswer;

    /// <summary>Refused for good (deleted, suspended, unknown, blocked): its fields are null.</summary>
    public sealed record Refused(string Reason) : LookupAnswer;

    /// <summary>No answer for now: it is asked again later, and is never taken for a no.</summary>
    /// <param name="Reason">A sentence for people.</param>
    /// <param name="RetryAfter">How long to wait at least; null when the other side did not say.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : LookupAnswer;

    /// <summary>The account itself is refused, and paused: it is asked again once that is over.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Paused(string Reason) : LookupAnswer;
}
