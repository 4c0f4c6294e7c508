using System.Text.Json.Serialization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;

namespace MisskeyAutomations.Cli;

/// <summary>What is to be done with an account, as a command sends it to the running engine over the control socket.</summary>
internal sealed record AccountOrder
{
    public required AccountDeed Deed { get; init; }

    public string? Name { get; init; }

    public Uri? Server { get; init; }

    /// <summary>Who is meant there; null for whoever the token belongs to.</summary>
    public string? Username { get; init; }

    public Uri? PublicUrl { get; init; }

    public string? Token { get; init; }

    public string? Replace { get; init; }

    public double? Seconds { get; init; }

    /// <summary>The language of what is told: <c>en</c> or <c>ja</c>.</summary>
    public string Language { get; init; } = "en";

    public override string ToString() => $"{Deed} {Name}";

    /// <summary>Does it, with the services of an engine.</summary>
    /// <exception cref="ConnectingException">It cannot be done.</exception>
    public async Task<int> ExecuteAsync(IServiceProvider services, Teller tell, CancellationToken cancellationToken)
    {
        switch (Deed)
        {
            case AccountDeed.Connect:
                var request = new ConnectRequest
                {
                    Server = Server!,
                    Username = Username,
                    Name = Name,
                    PublicUrl = PublicUrl ?? services.GetRequiredService<PublicAddress>().Url,
                    Token = Token is null ? null : new Secret(Token),
                    Replace = Replace,
                    Patience = Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : MiAuth.Patience,
                };
                return await ConnectAsync(services.GetRequiredService<Connector>(), request, tell, cancellationToken);
            case AccountDeed.Add:
                await AddedAccounts.AddAsync(services, this, tell, cancellationToken);
                return ExitCodes.Done;
            case AccountDeed.Disconnect:
                await services.GetRequiredService<Disconnector>().DisconnectAsync(Name!, tell, cancellationToken);
                return ExitCodes.Done;
            case AccountDeed.Remove:
                await services.GetRequiredService<Disconnector>().ForgetAsync(Name!, tell, cancellationToken);
                return ExitCodes.Done;
            case AccountDeed.RotateSecret:
                await services.GetRequiredService<SecretRotation>().RotateAsync(Name!, cancellationToken);
                await tell(new Progress($"✓ The webhook of {Name!} has a new secret. The former one is accepted for {SecretRotation.Grace.TotalMinutes} more minutes, for what Misskey still repeats."));
                return ExitCodes.Done;
            case AccountDeed.Pause or AccountDeed.Resume:
                return await HoldAsync(services, tell, cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<int> ConnectAsync(Connector connector, ConnectRequest request, Teller tell, CancellationToken cancellationToken)
    {
        var (account, trouble) = await connector.ConnectAsync(request, tell, cancellationToken);
        await tell(new Progress(Connector.Conclude(account, trouble)));
        return trouble is null ? ExitCodes.Done : ExitCodes.Findings;
    }

    private async Task<int> HoldAsync(IServiceProvider services, Teller tell, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<AccountDirectory>().Find(Name!) is null)
        {
            throw new ConnectingException($"There is no account {Name!}. `accounts list` names them.");
        }

        var accounts = services.GetRequiredService<ConnectedAccounts>();
        if (Deed == AccountDeed.Pause)
        {
            await accounts.PauseAsync(Name!, cancellationToken);
            await tell(new Progress($"Nothing goes out for {Name!} any more. Its events are still accepted and decided; `accounts resume {Name!}` lets their actions go."));
            return ExitCodes.Done;
        }

        await tell(await accounts.ResumeAsync(Name!, cancellationToken) ? new Progress($"Actions of {Name!} go out again.")
            : new Progress($"{Name!} was not paused."));
        return ExitCodes.Done;
    }
}

/// <summary>What can be done with an account.</summary>
internal enum AccountDeed
{
    Connect,
    Add,
    Disconnect,
    Remove,
    Pause,
    Resume,
    RotateSecret,
}

/// <summary>A line that the engine answers to an order: something to tell, or at last how it ended.</summary>
internal sealed record OrderLine
{
    /// <summary>What is told, in the language that was asked for.</summary>
    public string? Say { get; init; }

    public Uri? Link { get; init; }

    public string? Shown { get; init; }

    /// <summary>The exit code; on the last line alone.</summary>
    public int? Exit { get; init; }

    /// <summary>Whether it failed: then <see cref="Say"/> belongs on standard error.</summary>
    public bool IsFailure { get; init; }
}

/// <summary>How orders are written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountOrder))]
[JsonSerializable(typeof(OrderLine))]
internal sealed partial class OrderJson : JsonSerializerContext;
