using System.Text.Json;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>What a look for the effect of a request brought whose outcome nobody knows.</summary>
public abstract record Sighting
{
    private Sighting()
    {
    }

    /// <summary>The look was whole: what was asked for is among these, or it is not there.</summary>
    /// <param name="Notes">Everything that the account itself made at that place since then, as Misskey shows it.</param>
    public sealed record Listed(IReadOnlyList<JsonElement> Notes) : Sighting;

    /// <summary>It could be there and would not be shown: nothing can be concluded, now or later.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Blind(string Reason) : Sighting;

    /// <summary>No answer for now; never taken for a no.</summary>
    /// <param name="Reason">A sentence for people.</param>
    /// <param name="RetryAfter">How long to wait at least; null when the other side did not say.</param>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : Sighting;
}

/// <summary>A request whose effect is to be looked for.</summary>
public sealed record Search
{
    /// <summary>The frozen request.</summary>
    public required Intent Intent { get; init; }

    /// <summary>The name of the account that acts.</summary>
    public required string Account { get; init; }

    /// <summary>The id of its user.</summary>
    public required string MeId { get; init; }

    /// <summary>What was made before this time, by our clock, is not it.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether nothing found is to be taken for a proof: then the action makes sure that it would have been shown.</summary>
    public required bool MustProve { get; init; }
}
