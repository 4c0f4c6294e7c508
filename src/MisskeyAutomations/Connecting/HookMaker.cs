using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Makes the webhook of an account, or takes the one that comes to the same address already.</summary>
internal sealed class HookMaker(MisskeyHooks hooks, RuleVersions rules, TimeProvider time)
{
    /// <summary>The account with its webhook.</summary>
    /// <param name="connected">The account; the first of its secrets is to be the webhook's.</param>
    /// <param name="url">Where webhooks are to come.</param>
    /// <param name="replace">The id of a webhook that may go where the server allows no more; null for none.</param>
    /// <param name="tell">Told what was done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConnectingException">There is no webhook; nothing is left behind.</exception>
    public async Task<ConnectedAccount> MakeAsync(ConnectedAccount connected, Uri url, string? replace, Teller tell, CancellationToken cancellationToken)
    {
        var (account, secret) = (connected.At(time.GetUtcNow()), connected.HookSecrets[0].Secret);
        var types = HookTypes.For(rules.Current, connected.Name);
        var (list, outcome) = await hooks.ListAsync(account, cancellationToken);
        if (list is null)
        {
            throw new ConnectingException($"The account's webhooks cannot be read: {Reasons.Told(outcome)} Try again.", isTemporary: true);
        }

        if (replace is not null && list.FirstOrDefault(hook => hook.Id == replace) is { } old && !HookAddress.IsAt(old.Url, url))
        {
            await DeleteAsync(account, old, tell, cancellationToken);
        }

        // Two of ours would bring everything twice; and the one whose secret is not kept would be refused in the end.
        var (there, former) = (list.FirstOrDefault(hook => HookAddress.IsAt(hook.Url, url)), list.FirstOrDefault(hook => hook.Id == connected.HookId));
        if (there is not null && former is not null && there != former)
        {
            await DeleteAsync(account, former, tell, cancellationToken);
        }

        if ((there ?? former) is { } own)
        {
            await ReuseAsync(account, own, url, secret, types, cancellationToken);
            await tell(new Progress($"✓ Its webhook at {url} was there already; it has a new secret now and is for {string.Join(", ", types)}."));
            return connected with { HookId = own.Id, HookUrl = url };
        }

        var made = await CreateAsync(account, url, secret, types, list, cancellationToken);
        await tell(new Progress($"✓ It has a webhook at {url} for {string.Join(", ", types)}."));
        return connected with { HookId = made, HookUrl = url };
    }

    private async Task<string> CreateAsync(
        Account account, Uri url, Secret secret, IReadOnlyList<string> types, IReadOnlyList<MisskeyHook> others, CancellationToken cancellationToken)
    {
        // What has begun is waited for, even when the person has gone away meanwhile: what was made is known then, and can be taken back.
        cancellationToken.ThrowIfCancellationRequested();
        var (hook, outcome) = await hooks.CreateAsync(account, "MisskeyAutomations", url, secret, types, CancellationToken.None);
        if (outcome is ActionOutcome.Uncertain)
        {
            // The answer was lost: it may be there all the same.
            hook = (await hooks.ListAsync(account, CancellationToken.None)).Hooks?.FirstOrDefault(known => HookAddress.IsAt(known.Url, url));
        }

        if (hook is not null && cancellationToken.IsCancellationRequested)
        {
            await hooks.DeleteAsync(account, hook.Id, CancellationToken.None);
            throw new OperationCanceledException(cancellationToken);
        }

        return hook?.Id ?? throw (outcome is ActionOutcome.Rejected { Code: "TOO_MANY_WEBHOOKS" }
            ? new ConnectingException($"The server allows this account no more than {others.Count} webhooks, and it has them: {Described(others)}. Delete one in Misskey under Settings > Webhook, or say which may go with --replace ID.",
                onPage: Phrase.Of($"The server allows this account no more than {others.Count} webhooks, and it has them: {Described(others)}. Delete one in Misskey under Settings > Webhook, or name the id of one that may go."))
            : new ConnectingException($"The webhook could not be made: {Reasons.Told(outcome)} Connect it again."));
    }

    private async Task ReuseAsync(Account account, MisskeyHook own, Uri url, Secret secret, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var outcome = await hooks.UpdateAsync(account, own.Id, url, secret, types, isActive: true, cancellationToken);
        if (outcome is not ActionOutcome.Done)
        {
            throw new ConnectingException($"The webhook that is there already could not be changed: {Reasons.Told(outcome)} Connect it again.");
        }
    }

    private async Task DeleteAsync(Account account, MisskeyHook old, Teller tell, CancellationToken cancellationToken)
    {
        var outcome = await hooks.DeleteAsync(account, old.Id, cancellationToken);
        if (outcome is not ActionOutcome.Done)
        {
            throw new ConnectingException($"The webhook {old.Id} could not be deleted: {Reasons.Told(outcome)} Delete it in Misskey under Settings > Webhook.");
        }

        await tell(new Progress($"✓ The webhook {old.Id} ({Misskey.Words.OneLine(old.Url, 200)}) is deleted."));
    }

    private static string Described(IEnumerable<MisskeyHook> others) =>
        string.Join("; ", others.Select(hook => $"{hook.Id} \"{Misskey.Words.OneLine(hook.Name, 60)}\" {Misskey.Words.OneLine(hook.Url, 200)}"));
}
