using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Takes a connected account back: its webhook at Misskey, and what is stored of it.</summary>
internal sealed class Disconnector(ConnectedAccounts accounts, MisskeyHooks hooks, TimeProvider time)
{
    /// <summary>Deletes the webhook and forgets the account.</summary>
    /// <exception cref="ConnectingException">There is no such account, or its webhook could not be deleted.</exception>
    public async Task DisconnectAsync(string name, Teller tell, CancellationToken cancellationToken)
    {
        if (accounts.Find(name) is { HookId: { } hookId } account)
        {
            var outcome = await hooks.DeleteAsync(account.At(time.GetUtcNow()), hookId, cancellationToken);

            // Whose token is revoked may have had its webhook taken along; nobody can tell us.
            if (outcome is not (ActionOutcome.Done or ActionOutcome.AccountRefused))
            {
                throw new ConnectingException($"The webhook of {name} could not be deleted, so nothing was changed: {Reasons.Told(outcome)} Try again; `accounts remove {name}` forgets the account here alone.", isTemporary: true);
            }

            await tell(outcome is ActionOutcome.Done ? new Progress("✓ Its webhook is deleted.")
                : new Progress($"! Misskey does not take the token any more, so its webhook could not be deleted: look in Misskey under Settings > Webhook."));
        }

        await ForgetAsync(name, tell, cancellationToken);
    }

    /// <summary>Forgets the account here alone.</summary>
    /// <exception cref="ConnectingException">There is no such account.</exception>
    public async Task ForgetAsync(string name, Teller tell, CancellationToken cancellationToken)
    {
        var server = accounts.Find(name)?.Server;
        if (!await accounts.RemoveAsync(name, cancellationToken))
        {
            throw accounts.IsConfigured(name)
                ? new ConnectingException($"Account {name} stands in the configuration: take it out there and start the engine again.")
                : new ConnectingException($"There is no connected account {name}. `accounts list` names them.");
        }

        await tell(new Progress($"✓ Account {name} is forgotten, with its token and its secrets."));
        await tell(new Progress($"Misskey lets no program revoke a token: to do so, open {server?.Host ?? "Misskey"} and delete it under Settings > API (or Connected apps)."));
    }
}
