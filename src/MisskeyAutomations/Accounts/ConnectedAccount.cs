namespace MisskeyAutomations.Accounts;

/// <summary>An account that was connected at run time, as it is kept: encrypted, in the store.</summary>
internal sealed record ConnectedAccount
{
    /// <summary>Its name here.</summary>
    public required string Name { get; init; }

    /// <summary>The server's origin.</summary>
    public required Uri Server { get; init; }

    /// <summary>The API token.</summary>
    public required Secret Token { get; init; }

    /// <summary>The user's id on the server.</summary>
    public required string UserId { get; init; }

    /// <summary>The user's name on the server, as it was when it was connected.</summary>
    public required string Username { get; init; }

    /// <summary>What the token may do, such as <c>write:notes</c>.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>How its events come.</summary>
    public AccountSource Source { get; init; }

    /// <summary>The webhook secrets that are accepted: the current one first; none where it is streamed alone.</summary>
    public required IReadOnlyList<HookSecretTerm> HookSecrets { get; init; }

    /// <summary>The webhook that was made for it; null when it has none.</summary>
    public string? HookId { get; init; }

    /// <summary>Where its webhook comes to; null when it has none, or its owner made it by hand.</summary>
    public Uri? HookUrl { get; init; }

    /// <summary>What the engine acts by.</summary>
    /// <param name="now">Secrets that are over by then are left out.</param>
    public Account At(DateTimeOffset now) => new()
    {
        Name = Name,
        Server = Server,
        Token = Token,
        HookSecrets = [.. HookSecrets.Where(term => !(term.Until <= now)).Select(term => term.Secret)],
        Source = Source,
        CatchUp = AccountReader.CatchUpInterval,
        Followers = AccountReader.FollowersInterval,
    };
}

/// <summary>A webhook secret and how long it is accepted.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Until">When it is over; null for as long as it is not replaced.</param>
internal sealed record HookSecretTerm(Secret Secret, DateTimeOffset? Until);
