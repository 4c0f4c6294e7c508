using System.Text.Json;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>What a look for the effect of an uncertain step comes to.</summary>
public abstract record Finding
{
    private Finding()
    {
    }

    /// <summary>This is what it made.</summary>
    /// <param name="Note">The note as Misskey shows it.</param>
    /// <param name="Id">Its id.</param>
    public sealed record Found(JsonElement Note, string Id) : Finding;

    /// <summary>It is not there and will not come: it may be sent again.</summary>
    public sealed record Absent : Finding;

    /// <summary>Nothing can be said yet.</summary>
    /// <param name="Until">When to look again.</param>
    /// <param name="Reason">A sentence for people; null while there is nothing to say but that.</param>
    public sealed record Open(DateTimeOffset Until, string? Reason = null) : Finding;

    /// <summary>No look will tell: only its owner can.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Unclear(string Reason) : Finding;
}
