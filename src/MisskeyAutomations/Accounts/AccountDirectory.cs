using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace MisskeyAutomations.Accounts;

/// <summary>The accounts of this engine, and what is learned about them while it runs.</summary>
internal sealed class AccountDirectory(IEnumerable<Account> accounts)
{
    private readonly FrozenDictionary<string, Account> _accounts = accounts.ToFrozenDictionary(account => account.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _userIds = new(StringComparer.Ordinal);

    /// <summary>All accounts.</summary>
    public IReadOnlyCollection<Account> All => _accounts.Values;

    /// <summary>The account of this name; null when there is none.</summary>
    public Account? Find(string name) => _accounts.GetValueOrDefault(name);

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
