using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace MisskeyAutomations.Accounts;

/// <summary>Whom each account has muted or blocked, as far as is known: webhooks bring their notes all the same.</summary>
internal sealed class MutedPeople
{
    private readonly ConcurrentDictionary<(string Account, string List), FrozenSet<string>> _people = [];

    /// <summary>Whether the account has muted or blocked this user; false while its lists are not known.</summary>
    public bool Contains(string account, string userId) =>
        _people.Any(entry => entry.Key.Account == account && entry.Value.Contains(userId));

    /// <summary>Takes one of the account's lists as just read.</summary>
    public void Replace(string account, string list, IEnumerable<string> userIds) => _people[(account, list)] = userIds.ToFrozenSet(StringComparer.Ordinal);
}
