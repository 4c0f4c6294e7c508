using System.Security.Cryptography;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>What is to be connected.</summary>
internal sealed record ConnectRequest
{
    public required Uri Server { get; init; }

    /// <summary>Who is to be connected; null for whoever the token belongs to.</summary>
    public string? Username { get; init; }

    /// <summary>The account's name here; null to choose one.</summary>
    public string? Name { get; init; }

    /// <summary>Where the engine is reached from outside; null where it is not.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A token that was made by hand; null to ask for one in the browser.</summary>
    public Secret? Token { get; init; }

    /// <summary>The id of a webhook that may go where the server allows no more.</summary>
    public string? Replace { get; init; }

    /// <summary>How long the person has to agree.</summary>
    public TimeSpan Patience { get; init; } = MiAuth.Patience;
}

/// <summary>Connects an account: token, store, webhook, proof. It is live as soon as it is stored.</summary>
internal sealed class Connector(
    ConnectedAccounts accounts, MiAuth consent, TokenOwner owner, TokenProbe probe, ServerLook look, HookMaker maker, Proof proof, StreamProof streaming,
    RuleVersions rules, TimeProvider time)
{
    /// <summary>Connects it and tells each step. Null when all of it works; otherwise what remains to be done, the account being connected.</summary>
    /// <exception cref="ConnectingException">It is not connected; nothing was kept.</exception>
    public async Task<(ConnectedAccount Account, Phrase? Trouble)> ConnectAsync(ConnectRequest request, Teller tell, CancellationToken cancellationToken)
    {
        CheckName(request.Name);
        await LookAsync(request.Server, tell, cancellationToken);
        var needs = TokenPermissions.NeedsOf(rules.Current, request.Name, connects: request.PublicUrl is not null || HasHook(request));
        var permissions = needs.Select(need => need.Permission).ToArray();
        var token = request.Token ?? await consent.AskAsync(request.Server, permissions, request.Patience, tell, cancellationToken);
        var draft = new Account { Name = request.Name ?? "", Server = request.Server, Token = token, HookSecrets = [] };
        var (userId, username) = await owner.AskAsync(draft, request.Username, cancellationToken);
        await tell(new Progress($"✓ The token is @{username}'s on {request.Server.Authority}."));
        if (request.Token is not null)
        {
            await ProbeAsync(draft, needs, cancellationToken);
        }

        var name = request.Name ?? NameFor(request.Server, userId, username);
        var before = accounts.Find(name);
        if (before is not null && (before.UserId != userId || before.Server != request.Server))
        {
            throw new ConnectingException($"Account {name} is @{before.Username} of {before.Server.Host}, and this token is another user's. Name another one with --name, or `disconnect {name}` first.",
                onPage: Phrase.Of($"Account {name} is @{before.Username} of {before.Server.Host}, and this token is another user's. Choose another name, or disconnect {name} first."));
        }

        var account = new ConnectedAccount
        {
            Name = name,
            Server = request.Server,
            Token = token,
            UserId = userId,
            Username = username,
            Permissions = permissions,
            HookSecrets = [],
            HookId = before?.HookId,
            HookUrl = before?.HookUrl,
        };
        return request.PublicUrl is { } publicUrl ? await WithHookAsync(account, before, publicUrl, request.Replace, tell, cancellationToken)
            : before?.HookId is not null ? await WithFormerHookAsync(account, before, tell, cancellationToken)
            : await StreamedAsync(account, tell, cancellationToken);
    }

    /// <summary>How it ended, in a sentence.</summary>
    /// <param name="account">The account, which is connected.</param>
    /// <param name="trouble">What remains to be done; null when all of it works.</param>
    public static Phrase Conclude(ConnectedAccount account, Phrase? trouble) =>
        trouble is null ? Phrase.Of($"@{account.Username}@{account.Server.Authority} is connected as {account.Name}.")
        : account.Source is AccountSource.Streaming ? Phrase.Of($"✗ Account {account.Name} is connected, but nothing came by its stream. {trouble}")
        : Phrase.Of($"✗ Account {account.Name} is connected, but nothing came by its webhook. {trouble}");

    /// <summary>A secret for a webhook: 48 signs that need no escaping anywhere.</summary>
    public static Secret NewSecret() => new(RandomNumberGenerator.GetHexString(48, lowercase: true));

    /// <exception cref="ConnectingException">An account cannot be called so.</exception>
    public void CheckName(string? name)
    {
        if (name is not null && !AccountReader.IsName(name))
        {
            throw new ConnectingException($"The account name '{name}' must have 1 to 64 letters, digits or hyphens: it is part of the webhook's address.");
        }

        if (name is not null && accounts.IsConfigured(name))
        {
            throw new ConnectingException($"Account {name} stands in the configuration, which wins. Take it out there, or name another one with --name.",
                onPage: Phrase.Of($"Account {name} stands in the configuration, which wins. Take it out there, or choose another name."));
        }
    }

    private async Task LookAsync(Uri server, Teller tell, CancellationToken cancellationToken)
    {
        var standing = await look.AskAsync(server, cancellationToken);
        if (!standing.IsMisskey)
        {
            throw new ConnectingException(standing.Sentence, standing.IsTemporary);
        }

        await tell(new Progress($"✓ {standing.Sentence}"));
    }

    private async Task ProbeAsync(Account account, IReadOnlyList<PermissionNeed> needs, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var need in needs)
        {
            if ((await probe.AskForAsync(account, need.Permission, cancellationToken)).Has is false)
            {
                missing.Add(need.Permission);
            }
        }

        if (missing.Count > 0)
        {
            throw new ConnectingException($"The token lacks {string.Join(", ", missing)}. Make one in Misskey under Settings > API with all that `connect --permissions` lists, or let the browser do it: without --token-stdin.",
                onPage: Phrase.Of($"The token lacks {string.Join(", ", missing)}. Make one in Misskey under Settings > API with all permissions that are listed here, or let Misskey ask you: without a token."));
        }
    }

    private string NameFor(Uri server, string userId, string username)
    {
        if (accounts.All.FirstOrDefault(account => account.Server == server && account.UserId == userId) is { } again)
        {
            return again.Name;
        }

        string[] names = ["main", username.Replace('_', '-'), $"{username.Replace('_', '-')}-{server.Host.Replace('.', '-')}"];
        return names.FirstOrDefault(name => AccountReader.IsName(name) && !accounts.IsConfigured(name) && accounts.Find(name) is null)
            ?? throw new ConnectingException($"The names {string.Join(", ", names)} are taken. Give it one with --name.", onPage: Phrase.Of($"The names {string.Join(", ", names)} are taken. Give it another one."));
    }

    // Until Misskey has the new secret it sends the former one, and repeats with it what was on its way.
    private IEnumerable<HookSecretTerm> Former(ConnectedAccount? before) =>
        before?.HookSecrets.Select(term => term with { Until = term.Until ?? time.GetUtcNow() + SecretRotation.Grace }) ?? [];

    private async Task<(ConnectedAccount Account, Phrase? Trouble)> WithHookAsync(
        ConnectedAccount account, ConnectedAccount? before, Uri publicUrl, string? replace, Teller tell, CancellationToken cancellationToken)
    {
        account = account with { Source = SourceChoice.WithHook(rules.Current, account.Name), HookSecrets = [new(NewSecret(), null), .. Former(before)] };

        // First of all, so that the first webhook finds an open door.
        await accounts.SaveAsync(account, cancellationToken);
        ConnectedAccount connected;
        try
        {
            connected = await maker.MakeAsync(account, HookAddress.Of(publicUrl, account.Name), replace, tell, cancellationToken);
            await accounts.SaveAsync(connected, CancellationToken.None);
        }
        catch
        {
            await (before is null ? accounts.RemoveAsync(account.Name, CancellationToken.None) : accounts.SaveAsync(before, CancellationToken.None));
            throw;
        }

        await TellLiveAsync(account, tell);
        if (SourceChoice.Streamed(rules.Current, account.Name) is { Count: > 0 } streamed)
        {
            await tell(new Progress($"✓ It listens to its stream as well, by which {string.Join(", ", streamed)} come at once."));
        }

        var begin = time.GetTimestamp();
        var trouble = await proof.AskAsync(connected.At(time.GetUtcNow()), connected.HookId!, cancellationToken);
        if (trouble is null)
        {
            await tell(new Progress($"✓ A note to itself came back by the webhook after {time.GetElapsedTime(begin).TotalMilliseconds:0} ms, and is deleted."));
        }

        return (connected, trouble);
    }

    private async Task<(ConnectedAccount Account, Phrase? Trouble)> WithFormerHookAsync(
        ConnectedAccount account, ConnectedAccount before, Teller tell, CancellationToken cancellationToken)
    {
        account = account with { Source = SourceChoice.WithHook(rules.Current, account.Name), HookSecrets = before.HookSecrets };
        await accounts.SaveAsync(account, cancellationToken);
        await TellLiveAsync(account, tell);
        await tell(new Progress($"Its webhook stays as it is. To do without one: `disconnect {account.Name}`, then connect it again.")
        {
            OnPage = Phrase.Of($"Its webhook stays as it is. To do without one, disconnect the account, then connect it again."),
        });
        return (account, null);
    }

    private async Task<(ConnectedAccount Account, Phrase? Trouble)> StreamedAsync(ConnectedAccount account, Teller tell, CancellationToken cancellationToken)
    {
        account = account with { Source = AccountSource.Streaming };
        await accounts.SaveAsync(account, cancellationToken);
        await TellLiveAsync(account, tell);
        return (account, await streaming.AskAsync(account, tell, cancellationToken));
    }

    private static Task TellLiveAsync(ConnectedAccount account, Teller tell) => tell(new Progress($"✓ Account {account.Name} is stored, encrypted, and live."));

    // A new token must be able to look after the webhook that is there.
    private bool HasHook(ConnectRequest request) => accounts.All.Any(account =>
        account.HookId is not null && account.Server == request.Server && (request.Name is null || request.Name == account.Name));
}
