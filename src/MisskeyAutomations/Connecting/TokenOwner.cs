using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Finds out whose a token is.</summary>
internal sealed class TokenOwner(MisskeySender misskey)
{
    /// <summary>The user's id and name.</summary>
    /// <param name="account">The account as it would act.</param>
    /// <param name="username">Who is meant; null for whoever it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConnectingException">The server does not take the token, or it is another person's.</exception>
    public async Task<(string Id, string Username)> AskAsync(Account account, string? username, CancellationToken cancellationToken)
    {
        var outcome = await misskey.AskForAsync(account, "i", "{}", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is not ActionOutcome.Done { Answer: { } me } || me.GetText("id") is not { } id)
        {
            throw new ConnectingException(
                $"{account.Server.Authority} does not take the token: {Reasons.Told(outcome)} Nothing was kept.", isTemporary: outcome is ActionOutcome.NotSent);
        }

        var owner = Misskey.Words.OneLine(me.GetText("username") ?? "?", 60);
        return username is null || username.Equals(owner, StringComparison.OrdinalIgnoreCase) ? (id, owner)
            : throw new ConnectingException($"The token is @{owner}'s, and @{username} was to be connected; nothing was kept. Sign in to {account.Server.Authority} as @{username} and run the command again, or name the server alone.",
                onPage: Phrase.Of($"The token is @{owner}'s, and @{username} was to be connected; nothing was kept. Sign in to {account.Server.Authority} as @{username} and connect again, or name the server alone."));
    }
}
