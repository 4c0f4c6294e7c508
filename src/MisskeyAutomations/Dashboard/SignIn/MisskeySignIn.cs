using System.Collections.Concurrent;
using System.Security.Cryptography;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>
/// Signing in as one of the accounts that the engine acts for, by MiAuth: their server says who agreed. What was begun in a browser ends in that browser,
/// once, whether it comes to good or not. The token is not looked at.
/// </summary>
internal sealed class MisskeySignIn(AccountDirectory accounts, MisskeyAccountCheck check, MiAuth consent, DashboardOptions options, TimeProvider time)
{
    private const int LongestName = 80;

    private static readonly string[] Permissions = ["read:account"];

    private readonly ConcurrentDictionary<string, Begun> _begun = new(StringComparer.Ordinal);

    /// <summary>The servers at which one may: those of the accounts. In the sandbox nobody need prove who they are, so there it is none.</summary>
    public IReadOnlyList<Uri> Servers => !options.MisskeySignIn || options.IsSandbox ? []
        : [.. accounts.All.Select(account => account.Server).Distinct().OrderBy(server => server.Authority, StringComparer.Ordinal)];

    /// <summary>Begins. A key for the browser, and the page at which the person agrees; null when the engine has no account at such a server.</summary>
    /// <param name="authority">The server, as <see cref="Servers"/> has it.</param>
    /// <param name="back">Where Misskey is to lead the browser.</param>
    /// <param name="next">Where to go once it is done.</param>
    public (string Key, Uri Link)? Begin(string? authority, Uri back, string next)
    {
        if (Servers.FirstOrDefault(server => server.Authority == authority) is not { } server)
        {
            return null;
        }

        var now = time.GetUtcNow();
        foreach (var (key, begun) in _begun.Where(begun => begun.Value.Until < now))
        {
            _begun.TryRemove(new(key, begun));
        }

        var (mine, session) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), MiAuth.NewSession());
        _begun[Digest.Of(mine)] = new(server, session, next, now + MiAuth.Patience);
        return (mine, MiAuth.LinkOf(server, session, Permissions, back));
    }

    /// <summary>Ends what was begun. Who signs in and where they go, or what is wrong.</summary>
    /// <param name="key">The key that the browser bears.</param>
    /// <param name="session">What Misskey led it back with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(Entrant? Entrant, string? Next, Phrase? Trouble)> EndAsync(string? key, string? session, CancellationToken cancellationToken)
    {
        if (key is null || !_begun.TryRemove(Digest.Of(key), out var begun) || begun.Until < time.GetUtcNow())
        {
            Forget(session);
            return (null, null, "This sign-in was begun in another browser, more than 10 minutes ago, or was ended already. Begin again below.");
        }

        if (begun.Session != session)
        {
            Forget(session);
            return (null, begun.Next, "Misskey led you back from another sign-in than the one that was begun last in this browser. Begin again below.");
        }

        var outcome = await consent.CheckAsync(begun.Server, begun.Session, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is not ActionOutcome.Done { Answer: { } answer })
        {
            return (null, begun.Next, Phrase.Of($"{begun.Server.Authority} cannot be asked who you are: {Reasons.Told(outcome)} Begin again below, or use the passphrase."));
        }

        if (!answer.IsTrue("ok") || answer.FindObject("user") is not { } user || user.GetText("id") is not { Length: > 0 } id)
        {
            return (null, begun.Next, Phrase.Of($"{begun.Server.Authority} says that nobody allowed it. Begin again below, and allow it there."));
        }

        return await FindAsync(begun, id, Misskey.Words.OneLine(user.GetText("username") ?? "?", LongestName));
    }

    // Who the engine's tokens belong to is believed to their server alone, not to what webhooks tell.
    private async Task<(Entrant? Entrant, string? Next, Phrase? Trouble)> FindAsync(Begun begun, string id, string username)
    {
        var unknown = new List<string>();
        foreach (var account in accounts.All.Where(account => account.Server == begun.Server))
        {
            var owner = check.UserIdAsync(account.Name, CancellationToken.None);
            if (!owner.IsCompletedSuccessfully)
            {
                unknown.Add(account.Name);
            }
            else if (await owner == id)
            {
                return (new($"@{username}@{begun.Server.Authority}", account.Name, id), begun.Next, null);
            }
        }

        return (null, begun.Next, unknown.Count == 0
            ? Phrase.Of($"@{username}@{begun.Server.Authority} is none of the accounts that this engine acts for. Sign in to {begun.Server.Authority} as one of those, and begin again below.")
            : Phrase.Of($"{begun.Server.Authority} has not told the engine yet to whom these accounts belong: {string.Join(", ", unknown)}. Try again in a minute, or use the passphrase."));
    }

    // Somebody agreed to what was begun elsewhere: whoever waits there for it must not get in.
    private void Forget(string? session)
    {
        foreach (var (key, begun) in _begun.Where(begun => begun.Value.Session == session))
        {
            _begun.TryRemove(new(key, begun));
        }
    }

    private sealed record Begun(Uri Server, string Session, string Next, DateTimeOffset Until);
}
