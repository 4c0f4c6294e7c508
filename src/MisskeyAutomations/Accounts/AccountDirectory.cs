using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace MisskeyAutomations.Accounts;

/// <summary>The accounts of this engine, which come and go while it runs, and what is learned about them. Safe for concurrent use.</summary>
internal sealed class AccountDirectory(IEnumerable<Account> accounts)
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<string, string> _userIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _closed = new(StringComparer.Ordinal);
    private volatile FrozenDictionary<string, Account> _accounts = accounts.ToFrozenDictionary(account => account.Name, StringComparer.Ordinal);

    /// <summary>Told after an account came, changed or went: its name.</summary>
    public event Action<string>? Changed;

    /// <summary>All accounts.</summary>
    public IReadOnlyCollection<Account> All => _accounts.Values;

    /// <summary>The account of this name; null when there is none.</summary>
    public Account? Find(string name) => _accounts.GetValueOrDefault(name);

    /// <summary>Takes an account, or its new token and secrets.</summary>
    public void Put(Account account)
    {
        lock (_changing)
        {
            if (Find(account.Name) is { } before && (before.Server != account.Server || before.Token.Reveal() != account.Token.Reveal()))
            {
                _userIds.TryRemove(account.Name, out _);
            }

            _accounts = _accounts.Values.Where(other => other.Name != account.Name).Append(account).ToFrozenDictionary(other => other.Name, StringComparer.Ordinal);
            _closed.TryRemove(account.Name, out _);
        }

        Changed?.Invoke(account.Name);
    }

    /// <summary>Lets an account go. False when there was none of this name.</summary>
    public bool Remove(string name)
    {
        lock (_changing)
        {
            var isClosed = _closed.TryRemove(name, out _);
            if (Find(name) is null)
            {
                return isClosed;
            }

            _accounts = _accounts.Values.Where(other => other.Name != name).ToFrozenDictionary(other => other.Name, StringComparer.Ordinal);
            _userIds.TryRemove(name, out _);
        }

        Changed?.Invoke(name);
        return true;
    }

    /// <summary>Notes that there is an account of this name whose secrets cannot be read now: its webhooks are to come again later.</summary>
    public void Close(string name) => _closed[name] = true;

    /// <summary>Whether there is an account of this name whose secrets cannot be read now.</summary>
    public bool IsClosed(string name) => _closed.ContainsKey(name);

    /// <summary>The account's user id on its server; null until the first envelope or the first answer told it.</summary>
    public string? UserIdOf(string account) => _userIds.GetValueOrDefault(account);

    /// <summary>Learns an account's user id from an envelope. False when another one is known already.</summary>
    public bool Learn(string account, string userId) =>
        string.Equals(_userIds.GetOrAdd(account, userId), userId, StringComparison.Ordinal);

    /// <summary>Takes the id of the user to whom the token belongs: it is certain, and replaces what an envelope told. That, where it was another; null otherwise.</summary>
    public string? Confirm(string account, string userId)
    {
        var before = UserIdOf(account);
        _userIds[account] = userId;
        return before == userId ? null : before;
    }

    /// <summary>Whether the user of this id, on the server of the given account, is one of this engine's accounts.</summary>
    public bool IsOurs(string account, string userId) =>
        Find(account) is { } asking && _userIds.Any(known =>
            string.Equals(known.Value, userId, StringComparison.Ordinal) && Find(known.Key)?.Server == asking.Server);
}
