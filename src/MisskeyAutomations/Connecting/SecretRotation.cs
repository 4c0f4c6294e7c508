using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>
/// Gives a webhook a new secret without losing a delivery: Misskey copies the secret into each when it is made and repeats for 13 minutes, and an
/// answer of 401 is final. So both secrets are accepted, on disk, before Misskey is told; the former is for as long as what was made with it may come.
/// </summary>
internal sealed class SecretRotation(ConnectedAccounts accounts, MisskeyHooks hooks, TimeProvider time) : IDisposable
{
    /// <summary>How long the former secret is accepted once Misskey has the new one: 13 minutes of repetitions, and a queue that was long.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Rotates once.</summary>
    /// <exception cref="ConnectingException">Misskey has not taken the new secret, or nobody knows.</exception>
    public async Task<ConnectedAccount> RotateAsync(string name, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await RotateNowAsync(name, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ConnectedAccount> RotateNowAsync(string name, CancellationToken cancellationToken)
    {
        if (accounts.Find(name) is not { } account)
        {
            throw accounts.IsConfigured(name)
                ? new ConnectingException($"Account {name} stands in the configuration; there its secret is changed by hand: docs/operating.md, Changing the secret.")
                : new ConnectingException($"There is no connected account {name}. `accounts list` names them.");
        }

        if (account.HookId is null)
        {
            throw new ConnectingException($"Account {name} has no webhook that was made by `connect`, so nobody would tell Misskey the new secret.");
        }

        var fresh = Connector.NewSecret();
        await accounts.SaveAsync(account with { HookSecrets = [.. account.HookSecrets, new(fresh, null)] }, cancellationToken);
        var outcome = await hooks.UpdateAsync(account.At(time.GetUtcNow()), account.HookId, secret: fresh, cancellationToken: CancellationToken.None);
        return outcome switch
        {
            ActionOutcome.Done => await SettleAsync(name, fresh),
            ActionOutcome.Uncertain => await AskAsync(name, CancellationToken.None)
                ?? throw new ConnectingException($"Whether Misskey has the new secret of {name} is not known: {Reasons.Told(outcome)} Both are accepted meanwhile, and it is found out by itself; nothing is lost.", isTemporary: true),
            _ => throw await GiveUpAsync(name, fresh, outcome),
        };
    }

    /// <summary>Asks Misskey which secret the webhook has, and makes that the current one. Null while that cannot be known, or is none of ours.</summary>
    public async Task<ConnectedAccount?> AskAsync(string name, CancellationToken cancellationToken)
    {
        if (accounts.Find(name) is not { HookId: { } hookId } account)
        {
            return null;
        }

        var (list, _) = await hooks.ListAsync(account.At(time.GetUtcNow()), cancellationToken);
        var its = list?.FirstOrDefault(hook => hook.Id == hookId)?.Secret.Reveal();
        if (account.HookSecrets.FirstOrDefault(term => term.Secret.Reveal() == its) is not { } current)
        {
            return null;
        }

        // Whoever rotates meanwhile knows better.
        var settled = Settled(account, current.Secret);
        return await accounts.ReplaceAsync(account, settled, cancellationToken) ? settled : null;
    }

    /// <summary>Whether more than one secret is accepted without an end, because nobody knew which one Misskey has.</summary>
    public static bool IsOpen(ConnectedAccount account) => account.HookSecrets.Count(term => term.Until is null) > 1;

    public void Dispose() => _turn.Dispose();

    private async Task<ConnectedAccount> SettleAsync(string name, Secret current) =>
        await accounts.ChangeAsync(name, account => Settled(account, current), CancellationToken.None)
        ?? throw new ConnectingException($"There is no connected account {name}. `accounts list` names them.");

    private ConnectedAccount Settled(ConnectedAccount account, Secret current)
    {
        var until = time.GetUtcNow() + Grace;
        return account with
        {
            HookSecrets =
            [
                new(current, null),
                .. account.HookSecrets.Where(term => term.Secret.Reveal() != current.Reveal()).Select(term => term with { Until = term.Until ?? until }),
            ],
        };
    }

    private async Task<ConnectingException> GiveUpAsync(string name, Secret fresh, ActionOutcome outcome)
    {
        await accounts.ChangeAsync(
            name, account => account with { HookSecrets = [.. account.HookSecrets.Where(term => term.Secret.Reveal() != fresh.Reveal())] }, CancellationToken.None);
        return new ConnectingException(
            $"Misskey did not take the new secret of {name}, and the present one stays: {Reasons.Told(outcome)}", isTemporary: outcome is not ActionOutcome.Rejected);
    }
}
