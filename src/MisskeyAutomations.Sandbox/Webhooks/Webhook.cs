using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>A webhook of an account, as <c>i/webhooks/*</c> manages it.</summary>
public sealed class Webhook
{
    internal Webhook(string id, Account owner, string name, string url, string secret, IReadOnlyList<string> on)
    {
        Id = id;
        Owner = owner;
        Name = name;
        Url = url;
        Secret = secret;
        On = on;
    }

    public string Id { get; }

    public Account Owner { get; }

    public string Name { get; internal set; }

    /// <summary>Event types: mention, unfollow, follow, followed, note, reply, renote, reaction (which never fires).</summary>
    public IReadOnlyList<string> On { get; internal set; }

    /// <summary>Any text; nothing is checked when it is set, and deliveries to nonsense fail.</summary>
    public string Url { get; internal set; }

    /// <summary>Sent in clear with every delivery; may be empty.</summary>
    public string Secret { get; internal set; }

    public bool Active { get; internal set; } = true;

    public DateTimeOffset? LatestSentAt { get; internal set; }

    /// <summary>The HTTP status of the latest attempt; 1 when there was no HTTP answer.</summary>
    public int? LatestStatus { get; internal set; }
}
