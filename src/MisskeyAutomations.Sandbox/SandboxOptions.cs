namespace MisskeyAutomations.Sandbox;

/// <summary>How the sandbox behaves. Read once, at start.</summary>
public sealed record SandboxOptions
{
    /// <summary>The port on 127.0.0.1; 0 (default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock of everything: ids, timestamps, limits, retries, injected delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Which family of Misskey to behave like; <see cref="SandboxFlavour.Upstream"/> by default.</summary>
    public SandboxFlavour Flavour { get; init; }

    /// <summary>Whether calls are limited as on a real server; on by default. Load tests turn it off.</summary>
    public bool RateLimits { get; init; } = true;

    /// <summary>Webhook deliveries in flight at once, for the whole server. Misskey: 64.</summary>
    public int DeliveryConcurrency { get; init; } = 64;

    /// <summary>Webhook deliveries started per second, for the whole server. Misskey: 64.</summary>
    public int DeliveriesPerSecond { get; init; } = 64;

    /// <summary>How long a webhook delivery waits for its answer, by the clock above. Misskey: 5 s.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Webhooks an account may have. Misskey's default policy: 3.</summary>
    public int WebhookLimit { get; init; } = 3;

    /// <summary>How many of the latest API calls are remembered; 10 000 by default.</summary>
    public int JournalCapacity { get; init; } = 10_000;

    /// <summary>Seeds what is random and should repeat: the jitter of retries, and in ids the part of the process.</summary>
    public int Seed { get; init; } = 1;
}
