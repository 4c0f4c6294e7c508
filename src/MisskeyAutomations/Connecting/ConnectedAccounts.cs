using System.Collections.Concurrent;
using System.Collections.Frozen;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Connecting;

/// <summary>The accounts that are kept in the store, beside those of the configuration, which win where a name stands in both.</summary>
internal sealed partial class ConnectedAccounts(
    StoredAccounts stored, Settings settings, AccountSeal seal, AccountDirectory directory, Holds holds, LiveFeed feed, TimeProvider time, ILogger<ConnectedAccounts> logger)
    : IDisposable
{
    /// <summary>What the keys of accounts that their owner paused begin with, in the store's settings.</summary>
    public const string Paused = "paused:";

    private readonly FrozenSet<string> _configured = directory.All.Select(account => account.Name).ToFrozenSet(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (ConnectedAccount Account, byte[] Sealed)> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    // What is on disk and what is acted for change together, or else two changes could pass each other between the two.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>All of them.</summary>
    public IReadOnlyList<ConnectedAccount> All => [.. _accounts.Values.Select(known => known.Account).OrderBy(account => account.Name, StringComparer.Ordinal)];

    /// <summary>Whether there is any, readable or not.</summary>
    public bool HasAny => stored.List().Count > 0;

    /// <summary>The names of those whose secrets cannot be read.</summary>
    public IReadOnlyList<string> Unreadable => [.. stored.List().Keys.Where(name => !IsConfigured(name) && Find(name) is null).Order(StringComparer.Ordinal)];

    /// <summary>The one of this name; null when there is none.</summary>
    public ConnectedAccount? Find(string name) => _accounts.TryGetValue(name, out var known) ? known.Account : null;

    /// <summary>Whether the configuration has an account of this name.</summary>
    public bool IsConfigured(string name) => _configured.Contains(name);

    /// <summary>Takes what the store holds now: at the start, and ever again where other engines share it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        var rows = stored.List();
        foreach (var (name, closed) in rows)
        {
            if (IsConfigured(name))
            {
                Tell(name, () => LogShadowed(name));
            }
            else if (!_accounts.TryGetValue(name, out var known) || !known.Sealed.AsSpan().SequenceEqual(closed))
            {
                Take(name, closed);
            }
        }

        foreach (var name in _accounts.Keys.Where(name => !rows.ContainsKey(name)))
        {
            Forget(name);
        }

        LoadPauses();
    }

    /// <summary>Keeps an account, and acts for it from now on.</summary>
    public async Task SaveAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        await KeepAsync(account, cancellationToken);
    }

    /// <summary>Changes an account as it is now. Null when there is none.</summary>
    public async Task<ConnectedAccount?> ChangeAsync(string name, Func<ConnectedAccount, ConnectedAccount> change, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (Find(name) is not { } account)
        {
            return null;
        }

        var changed = change(account);
        await KeepAsync(changed, cancellationToken);
        return changed;
    }

    /// <summary>
    /// The same for an account that was looked at before, while others may have changed it, here or in another engine: then theirs stays.
    /// False in that case.
    /// </summary>
    public async Task<bool> ReplaceAsync(ConnectedAccount before, ConnectedAccount account, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (!_accounts.TryGetValue(account.Name, out var known) || !ReferenceEquals(known.Account, before))
        {
            return false;
        }

        var closed = seal.Close(account);
        if (!await stored.ReplaceAsync(account.Name, known.Sealed, closed, cancellationToken))
        {
            return false;
        }

        Put(account, closed);
        return true;
    }

    /// <summary>Forgets an account for good. False when there was none.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        var isThere = await stored.RemoveAsync(name, cancellationToken);
        await settings.SetAsync(Paused + name, null, cancellationToken);
        Forget(name);
        holds.LetGo(name);
        holds.Resume(name);
        return isThere;
    }

    /// <summary>Stops what an account would change, over restarts too. False when it was stopped already.</summary>
    public async Task<bool> PauseAsync(string name, CancellationToken cancellationToken)
    {
        var isNew = holds.Stop(name);
        await settings.SetAsync(Paused + name, "on", cancellationToken);
        return isNew;
    }

    /// <summary>Lets an account go on. False when nothing had stopped it.</summary>
    public async Task<bool> ResumeAsync(string name, CancellationToken cancellationToken)
    {
        await settings.SetAsync(Paused + name, null, cancellationToken);
        var wasPaused = holds.LetGo(name) | holds.Resume(name);
        if (wasPaused)
        {
            feed.TellResumed(name);
        }

        return wasPaused;
    }

    /// <summary>Drops the former secrets whose time is over.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var account in All)
        {
            HookSecretTerm[] left = [.. account.HookSecrets.Where(term => !(term.Until <= now))];
            if (left.Length < account.HookSecrets.Count && await ReplaceAsync(account, account with { HookSecrets = left }, cancellationToken))
            {
                LogExpired(account.Name);
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    private async Task KeepAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        var closed = seal.Close(account);
        await stored.SaveAsync(account.Name, closed, cancellationToken);
        Put(account, closed);
    }

    private void LoadPauses()
    {
        var paused = settings.List(Paused).Keys.Select(key => key[Paused.Length..]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in paused)
        {
            holds.Stop(name);
        }

        foreach (var name in holds.Stopped.Where(name => !paused.Contains(name)))
        {
            if (holds.LetGo(name))
            {
                feed.TellResumed(name);
            }
        }
    }

    private void Take(string name, byte[] closed)
    {
        if (seal.Open(name, closed) is { } account)
        {
            Put(account, closed);
            return;
        }

        directory.Close(name);
        Tell(name, () => LogUnreadable(name, seal.Directory));
    }

    private void Put(ConnectedAccount account, byte[] closed)
    {
        // Another token, and what was refused to the former may be granted.
        if (Find(account.Name) is { } before && before.Token.Reveal() != account.Token.Reveal() && holds.Resume(account.Name))
        {
            feed.TellResumed(account.Name);
        }

        _accounts[account.Name] = (account, closed);
        directory.Put(account.At(time.GetUtcNow()));
        directory.Confirm(account.Name, account.UserId);
    }

    private void Forget(string name)
    {
        _accounts.TryRemove(name, out _);
        if (!IsConfigured(name))
        {
            directory.Remove(name);
        }
    }

    private void Tell(string name, Action log)
    {
        if (_told.TryAdd(name, true))
        {
            log();
        }
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }

    [LoggerMessage(2250, LogLevel.Warning, "Account {Account} was connected and stands in the configuration, too: that of the configuration is used")]
    private partial void LogShadowed(string account);

    [LoggerMessage(2251, LogLevel.Error, "The secrets of account {Account} could not be read: their key is not in {Directory}. Put the keys back from a backup and start again, or connect the account anew. Until then its webhooks are answered with 503, which Misskey repeats")]
    private partial void LogUnreadable(string account, string directory);

    [LoggerMessage(2252, LogLevel.Information, "The former webhook secret of account {Account} is not accepted any more")]
    private partial void LogExpired(string account);
}
