using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>A webhook of an account, as <c>i/webhooks/*</c> manages it.</summary>
public sealed class Webhook
{
    internal Webhook(string id, Account owner)
    {
        Id = id;
        Owner = owner;
    }

    public string Id { get; }

    public Account Owner { get; }

    public required string Name { get; set; }

    /// <summary>Event types: mention, unfollow, follow, followed, note, reply, renote, reaction (which never fires).</summary>
    public required IReadOnlyList<string> On { get; set; }

    /// <summary>Any text; nothing is checked when it is set, and deliveries to nonsense fail.</summary>
    public required string Url { get; set; }

    /// <summary>Sent in clear with every delivery; may be empty.</summary>
    public required string Secret { get; set; }

    public bool Active { get; set; } = true;

    public DateTimeOffset? LatestSentAt { get; internal set; }

    /// <summary>The HTTP status of the latest attempt; 1 when there was no HTTP answer.</summary>
    public int? LatestStatus { get; internal set; }
}
