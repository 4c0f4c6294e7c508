using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace MisskeyAutomations.Accounts;

/// <summary>Whom each account has muted or blocked. Misskey's webhooks ignore both, so the lists are fetched and kept here.</summary>
internal sealed class MutedPeople
{
    private readonly ConcurrentDictionary<string, FrozenSet<string>> _lists = new(StringComparer.Ordinal);

    /// <summary>Whether the account has muted or blocked the user; false while its lists are not known.</summary>
    public bool Contains(string account, string userId) => _lists.TryGetValue(account, out var list) && list.Contains(userId);

    /// <summary>Takes the account's lists as just fetched.</summary>
    public void Replace(string account, IEnumerable<string> userIds) => _lists[account] = userIds.ToFrozenSet(StringComparer.Ordinal);
}
