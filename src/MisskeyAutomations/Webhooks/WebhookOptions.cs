using System.ComponentModel.DataAnnotations;

namespace MisskeyAutomations.Webhooks;

/// <summary>How much the door takes.</summary>
internal sealed class WebhookOptions
{
    /// <summary>The most that <see cref="PerSecond"/> may be.</summary>
    public const int Most = 100_000;

    /// <summary>
    /// How many requests that bear a right secret are taken in a second on the long run, for each account and kind of webhook; those beyond
    /// are asked to come again. 100 by default: a Misskey server delivers at most 64 in a second, to all its users together.
    /// </summary>
    [Range(1, Most)]
    public int PerSecond { get; set; } = 100;

    /// <summary>How many may come at once after a quiet while: ten seconds' worth.</summary>
    public int Burst => PerSecond * 10;
}
