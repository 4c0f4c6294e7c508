using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Cli;

/// <summary><c>accounts add</c>: an account whose token, and webhook if any, its owner makes by hand; Misskey is asked who it is, and nothing else.</summary>
internal static class AddedAccounts
{
    /// <summary>Stores it, and says what to write into Misskey.</summary>
    /// <exception cref="ConnectingException">It cannot be stored.</exception>
    public static async Task AddAsync(IServiceProvider services, string name, Uri server, Secret token, Uri? publicUrl, Teller tell, CancellationToken cancellationToken)
    {
        services.GetRequiredService<Connector>().CheckName(name);
        var accounts = services.GetRequiredService<ConnectedAccounts>();
        if (accounts.Find(name) is not null)
        {
            throw new ConnectingException($"There is an account {name} already. Name another one, or `accounts remove {name}` first.");
        }

        var asking = new Account { Name = name, Server = server, Token = token, HookSecrets = [] };
        var who = await services.GetRequiredService<MisskeySender>().AskForAsync(asking, "i", "{}", cancellationToken);
        if (who is not ActionOutcome.Done { Answer: { } me } || me.GetText("id") is not { } id)
        {
            throw new ConnectingException($"{server.Host} does not take the token: {Reasons.Of(who)} Nothing was kept.", isTemporary: who is ActionOutcome.NotSent);
        }

        var secret = Connector.NewSecret();
        await accounts.SaveAsync(
            new ConnectedAccount
            {
                Name = name,
                Server = server,
                Token = token,
                UserId = id,
                Username = Words.OneLine(me.GetText("username") ?? "?", 60),
                Source = publicUrl is null ? AccountSource.Streaming : AccountSource.Webhook,
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
        await tell(new Progress($"Make a webhook in Misskey under Settings > Webhook, with the address {url} and this secret, which is not shown again:") { Shown = secret.Reveal() });
    }
}
