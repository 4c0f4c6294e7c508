using System.Runtime.CompilerServices;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Checkup;

/// <summary>Looks at everything that an account needs, from its server to the way of its webhooks. Changes nothing.</summary>
internal sealed class AccountCheckup(MisskeySender misskey, ServerLook look, ServerClocks clocks, TokenProbe probe, HookCheckup hooks, TimeProvider time)
{
    // An event from more than ten minutes ahead is not acted on; and what is a minute off soon is more.
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockLimit = TimeSpan.FromMinutes(5);

    /// <summary>What is found, as it is found.</summary>
    /// <param name="account">The account.</param>
    /// <param name="connected">What is stored of it; null when it stands in the configuration.</param>
    /// <param name="rules">The rules; null when they have errors.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Finding> LookAsync(
        Account account, ConnectedAccount? connected, RuleSet? rules, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var standing = await look.AskAsync(account.Server, cancellationToken);
        if (!standing.IsMisskey)
        {
            yield return Finding.Bad("server", standing.Sentence);
            yield break;
        }

        yield return Finding.Good("server", standing.Sentence);
        yield return LookAtClock(account.Server);
        var who = await misskey.AskForAsync(account, "i", "{}", cancellationToken);
        if (who is not ActionOutcome.Done { Answer: { } me } || me.GetText("id") is null)
        {
            yield return Finding.Bad("token", $"The token is not taken: {Reasons.Told(who)}");
            yield break;
        }

        yield return Finding.Good("token", $"The token is @{Misskey.Words.OneLine(me.GetText("username") ?? "?", 60)}'s.");
        yield return LookAtProfile(me);
        if (rules is not null)
        {
            var needs = TokenPermissions.NeedsOf(rules, account.Name, account.CatchUp is not null, connects: connected?.HookId is not null);
            yield return await LookAtMissingAsync(account, needs, cancellationToken);
            yield return await LookAtSurplusAsync(account, connected, needs, cancellationToken);
        }

        await foreach (var finding in hooks.LookAsync(account, connected, rules, me.GetText("id")!, cancellationToken))
        {
            yield return finding;
        }
    }

    private Finding LookAtClock(Uri server)
    {
        var now = time.GetUtcNow();
        var ahead = now - clocks.ToIts(server, now);
        var off = ahead > TimeSpan.Zero ? Phrase.Of($"This machine's clock is {ahead.TotalSeconds:0} s ahead of the server's.")
            : Phrase.Of($"This machine's clock is {-ahead.TotalSeconds:0} s behind the server's.");
        return ahead.Duration() >= ClockLimit ? Finding.Bad("clock", $"{off} Set it right (NTP): events that seem to come from the future are not acted on, and `late` counts wrongly.")
            : ahead.Duration() >= ClockDoubt ? Finding.Doubtful("clock", $"{off} Set it right (NTP).")
            : Finding.Good("clock", $"The clocks agree.");
    }

    // Servers such as misskey.io want to know what acts by itself, and whom to ask about it.
    private static Finding LookAtProfile(JsonElement me)
    {
        var isBot = me.IsTrue("isBot");
        var hasContact = me.GetText("description") is { } text && (text.Contains('@', StringComparison.Ordinal) || text.Contains("http", StringComparison.OrdinalIgnoreCase));
        return (isBot, hasContact) switch
        {
            (true, true) => Finding.Good("profile", $"It is marked as a bot, and its profile says whom to ask."),
            (false, true) => Finding.Doubtful("profile", $"It is not marked as a bot, which many servers demand of what posts by itself: switch it on in Misskey under Settings > Profile."),
            (true, false) => Finding.Doubtful("profile", $"Its profile names nobody to ask about it, which some servers demand: write your @name or an address into it."),
            (false, false) => Finding.Doubtful("profile", $"It is not marked as a bot, and its profile names nobody to ask about it. Many servers demand both of what posts by itself: Settings > Profile in Misskey."),
        };
    }

    private async Task<Finding> LookAtMissingAsync(Account account, IReadOnlyList<PermissionNeed> needs, CancellationToken cancellationToken)
    {
        var (missing, unclear) = (new List<PermissionNeed>(), new List<string>());
        foreach (var need in needs)
        {
            var answer = await probe.AskForAsync(account, need.Permission, cancellationToken);
            if (answer.Has is false)
            {
                missing.Add(need);
            }
            else if (answer.Has is null)
            {
                unclear.Add(need.Permission);
            }
        }

        return missing.Count > 0
            ? Finding.Bad("permissions", $"The token lacks {string.Join("; ", missing.Select(Told))}. `connect {account.Server.Host} --name {account.Name}` makes one with all of them, or make one by hand under Settings > API.")
            : unclear.Count > 0 ? Finding.Doubtful("permissions", $"Not found out whether the token has {string.Join(", ", unclear)}. Ask again in a minute.")
            : Finding.Good("permissions", $"The token has all {needs.Count} permissions that the rules need.");
    }

    private async Task<Finding> LookAtSurplusAsync(
        Account account, ConnectedAccount? connected, IReadOnlyList<PermissionNeed> needs, CancellationToken cancellationToken)
    {
        var needed = needs.Select(need => need.Permission).ToHashSet(StringComparer.Ordinal);
        var surplus = new List<string>();
        foreach (var permission in Permissions.Titled.Where(permission => !needed.Contains(permission) && permission.StartsWith("write:", StringComparison.Ordinal)))
        {
            if (connected is { Permissions.Count: > 0 } ? connected.Permissions.Contains(permission, StringComparer.Ordinal)
                : (await probe.AskForAsync(account, permission, cancellationToken)).Has is true)
            {
                surplus.Add(permission);
            }
        }

        return surplus.Count > 0 ? Finding.Doubtful("surplus", $"The token may do more than the rules need: {string.Join(", ", surplus)}. One that may do less does less harm when it is stolen.")
            : Finding.Good("surplus", $"The token may change nothing that the rules do not need.");
    }

    private static string Told(PermissionNeed need) => need.Rules.Count == 0 ? need.Permission : $"{need.Permission} ({string.Join(", ", need.Rules)})";
}
