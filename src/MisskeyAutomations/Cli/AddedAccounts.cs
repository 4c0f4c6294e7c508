using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Cli;

/// <summary><c>accounts add</c>: an account whose token, and webhook if any, its owner makes by hand; Misskey is asked who it is, and nothing else.</summary>
internal static class AddedAccounts
{
    /// <summary>Stores it, and says what to write into Misskey.</summary>
    /// <exception cref="ConnectingException">It cannot be stored.</exception>
    public static async Task AddAsync(IServiceProvider services, AccountOrder order, Teller tell, CancellationToken cancellationToken)
    {
        var (name, server, token) = (order.Name!, order.Server!, new Secret(order.Token!));
        services.GetRequiredService<Connector>().CheckName(name);
        var accounts = services.GetRequiredService<ConnectedAccounts>();
        if (accounts.Find(name) is not null)
        {
            throw new ConnectingException($"There is an account {name} already. Name another one, or `accounts remove {name}` first.");
        }

        var asking = new Account { Name = name, Server = server, Token = token, HookSecrets = [] };
        var (id, username) = await services.GetRequiredService<TokenOwner>().AskAsync(asking, order.Username, cancellationToken);
        var publicUrl = order.PublicUrl ?? services.GetRequiredService<PublicAddress>().Url;
        var secret = Connector.NewSecret();
        var rules = services.GetRequiredService<RuleVersions>().Current;
        await accounts.SaveAsync(
            new ConnectedAccount
            {
                Name = name,
                Server = server,
                Token = token,
                UserId = id,
                Username = username,
                Source = publicUrl is null ? AccountSource.Streaming : SourceChoice.WithHook(rules, name),
                HookSecrets = publicUrl is null ? [] : [new(secret, null)],
            },
            cancellationToken);
        await tell(new Progress($"✓ Account {name} is stored, encrypted, and live."));
        if (publicUrl is null)
        {
            await tell(new Progress($"Its events are streamed from {server.Authority}; no webhook is needed. `doctor --account {name}` says whether it hears them."));
            return;
        }

        var url = HookAddress.Of(publicUrl, name);
        await tell(new Progress($"Make a webhook in Misskey under Settings > Webhook, for {string.Join(", ", HookTypes.For(rules, name))}, with the address {url} and this secret, which is not shown again:") { Shown = secret.Reveal() });
    }
}
