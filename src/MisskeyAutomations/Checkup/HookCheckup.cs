using System.Runtime.CompilerServices;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Checkup;

/// <summary>Looks at an account's webhook as Misskey has it, and at the way to it.</summary>
internal sealed class HookCheckup(MisskeyHooks hooks, HookWay way)
{
    /// <summary>What is found, as it is found; nothing of an account that needs no webhook.</summary>
    public async IAsyncEnumerable<Finding> LookAsync(
        Account account, ConnectedAccount? connected, RuleSet? rules, string userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (account.Source is AccountSource.Streaming)
        {
            yield break;
        }

        var (list, outcome) = await hooks.ListAsync(account, cancellationToken);
        if (list is null)
        {
            yield return Finding.Doubtful("webhook", $"The webhooks cannot be read: {Reasons.Told(outcome)}");
            yield break;
        }

        if (Find(list, account, connected) is not { } hook)
        {
            yield return Finding.Bad("webhook", $"Misskey has no webhook whose address ends with /hooks/{account.Name}. `connect {account.Server.Host} --name {account.Name}` makes one, or make it by hand under Settings > Webhook.");
            yield break;
        }

        yield return LookAtHook(hook, account);
        if (rules is not null)
        {
            yield return LookAtTypes(hook, HookTypes.For(rules, account.Name));
        }

        yield return hook.LatestStatus is null or (>= 200 and < 300)
            ? Finding.Good("status", hook.LatestStatus is null ? Phrase.Of("Misskey has sent nothing by it yet.") : Phrase.Of($"Misskey's last webhook was taken (HTTP {hook.LatestStatus})."))
            : Finding.Bad("status", HookStatus.Explain(hook));
        if (WebAddress.TryRead(hook.Url, out var url))
        {
            yield return await way.LookAsync(url, account, hook.Id, userId, cancellationToken);
        }
    }

    private static MisskeyHook? Find(IReadOnlyList<MisskeyHook> list, Account account, ConnectedAccount? connected) =>
        list.FirstOrDefault(hook => hook.Id == connected?.HookId)
        ?? list.FirstOrDefault(hook => WebAddress.TryRead(hook.Url, out var url) && url.AbsolutePath.EndsWith($"/hooks/{account.Name}", StringComparison.Ordinal));

    private static Finding LookAtHook(MisskeyHook hook, Account account) =>
        !hook.IsActive ? Finding.Bad("webhook", $"The webhook {hook.Url} is switched off. Switch it on in Misskey under Settings > Webhook.")
        : account.HookSecrets.All(secret => secret.Reveal() != hook.Secret.Reveal())
            ? Finding.Bad("webhook", $"The webhook {hook.Url} bears another secret than the engine knows, so that all of its requests are refused for good. Write the same into both, or connect the account anew.")
            : Finding.Good("webhook", $"The webhook {hook.Url} is there, active, and bears the right secret.");

    private static Finding LookAtTypes(MisskeyHook hook, IReadOnlyList<string> wanted)
    {
        var missing = wanted.Except(hook.On, StringComparer.Ordinal).ToArray();
        return missing is ["note"] ? Finding.Doubtful("types", $"The webhook is not for 'note': what was sent and never confirmed is found later without it. Tick it in Misskey under Settings > Webhook.")
            : missing.Length > 0 ? Finding.Bad("types", $"The webhook is not for {string.Join(", ", missing)}, which the rules need. Tick them in Misskey under Settings > Webhook.")
            : Finding.Good("types", $"The webhook is for all that the rules need: {string.Join(", ", wanted)}.");
    }
}
