namespace MisskeyAutomations.Accounts;

/// <summary>The Misskey user that we act as.</summary>
internal sealed record Account
{
    /// <summary>Its name here: letters, digits, hyphens; part of the webhook's address.</summary>
    public required string Name { get; init; }

    /// <summary>The server's origin, such as <c>https://misskey.example</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The API token.</summary>
    public required Secret Token { get; init; }

    /// <summary>The webhook secrets that are accepted: the current one first, then a previous one during a rotation; empty where no webhook is taken.</summary>
    public required IReadOnlyList<Secret> HookSecrets { get; init; }

    /// <summary>The secrets of the administrators' webhooks that come to the same address, likewise; empty where none are taken.</summary>
    public IReadOnlyList<Secret> SystemHookSecrets { get; init; } = [];

    /// <summary>How its events come.</summary>
    public AccountSource Source { get; init; }

    /// <summary>Whether a connection to its server is held, on which its events are told.</summary>
    public bool IsStreamed => Source is not AccountSource.Webhook;

    /// <summary>How often its followers are compared with those before, where a rule asks who left; at most so often, and less often for many. Null: never.</summary>
    public TimeSpan? Followers { get; init; }

    /// <summary>How often its notifications are looked at for what webhooks did not bring; null: never.</summary>
    public TimeSpan? CatchUp { get; init; }
}
