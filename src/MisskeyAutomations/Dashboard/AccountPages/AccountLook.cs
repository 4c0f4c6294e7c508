using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.AccountPages;

/// <summary>The accounts, looked at for one page: what is set up of them, how they stand, and what their tokens may do.</summary>
internal sealed class AccountLook(
    AccountDirectory directory, ConnectedAccounts connected, Overviews overviews, StoreFigures figures, StreamStates streams, RuleVersions rules, Holds holds)
{
    /// <summary>All of them by name.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<AccountDetails> List()
    {
        var breakers = figures.ListBreakers();
        return
        [
            .. directory.All.Select(account => Describe(account, breakers))
                .Concat(connected.Unreadable.Select(Unreadable)).OrderBy(account => account.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The one of this name; null when there is none.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public AccountDetails? Find(string name) => directory.Find(name) is { } account ? Describe(account, figures.ListBreakers())
        : connected.Unreadable.Contains(name, StringComparer.Ordinal) ? Unreadable(name) : null;

    private AccountDetails Describe(Account account, IReadOnlyList<OpenBreaker> breakers)
    {
        var (overview, stored) = (overviews.Look(account), connected.Find(account.Name));
        return new()
        {
            Name = overview.Name,
            Tag = HoldWords.TagOf(overview),
            Sentence = HoldWords.Of(overview),
            Handle = overview.Username is { } user ? $"@{user}@{overview.Server.Authority}" : overview.Server.Authority,
            LastEvent = overview.LastEventAt,
            Budgets = overview.Budgets,
            Account = account,
            Connected = stored,
            Stream = streams.All.GetValueOrDefault(overview.Name),
            IsPaused = holds.Stopped.Contains(overview.Name),
            Breakers = [.. breakers.Where(breaker => breaker.Account == overview.Name)],
            Permissions = PermissionsOf(account, stored),
        };
    }

    private static AccountDetails Unreadable(string name) => new()
    {
        Name = name,
        Tag = "bad",
        Sentence = "Its secrets cannot be read: their key is not there. Put the keys back from a backup and start the engine again, or remove the account and connect it anew.",
        Handle = "",
    };

    // What a token may is known of those alone that were made by connecting.
    private IReadOnlyList<PermissionSight> PermissionsOf(Account account, ConnectedAccount? stored)
    {
        var may = stored is { Permissions.Count: > 0 } ? stored.Permissions : null;
        var needs = TokenPermissions.NeedsOf(rules.Current, account.Name, account.CatchUp is not null, connects: stored?.HookId is not null);
        return
        [
            .. needs.Select(need => new PermissionSight(need.Permission, need.NeededBy, may?.Contains(need.Permission, StringComparer.Ordinal))),
            .. (may ?? []).Except(needs.Select(need => need.Permission), StringComparer.Ordinal).Select(permission => new PermissionSight(permission, null, true)),
        ];
    }
}

/// <summary>What a page shows of an account.</summary>
internal sealed record AccountDetails
{
    public required string Name { get; init; }

    /// <summary>How it stands, as a colour: good, warn or bad.</summary>
    public required string Tag { get; init; }

    /// <summary>The same in words.</summary>
    public required Phrase Sentence { get; init; }

    /// <summary>Who it is on Misskey, as far as that is known; empty when not even the server is.</summary>
    public required string Handle { get; init; }

    /// <summary>When an event last came; null when none ever did.</summary>
    public DateTimeOffset? LastEvent { get; init; }

    /// <summary>How much of its budgets is used.</summary>
    public IReadOnlyList<BudgetUse> Budgets { get; init; } = [];

    /// <summary>The account; null when its secrets cannot be read.</summary>
    public Account? Account { get; init; }

    /// <summary>What is stored of it; null when it stands in the configuration, or cannot be read.</summary>
    public ConnectedAccount? Connected { get; init; }

    /// <summary>How its stream stands; null when the engine listens to none.</summary>
    public StreamState? Stream { get; init; }

    /// <summary>Whether its owner paused it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whom it does not answer for now.</summary>
    public IReadOnlyList<OpenBreaker> Breakers { get; init; } = [];

    /// <summary>What its token needs, and what it may do beyond that.</summary>
    public IReadOnlyList<PermissionSight> Permissions { get; init; } = [];

    /// <summary>Whether it was connected, not written into the configuration.</summary>
    public bool IsConnected => Connected is not null || Account is null;

    /// <summary>The address of its page.</summary>
    public string Url => $"/accounts/{Name}";

    /// <summary>The address of the form that connects it anew.</summary>
    public string ConnectUrl => $"/connect?server={Uri.EscapeDataString(Connected?.Server.GetLeftPart(UriPartial.Authority) ?? "")}&name={Name}";
}

/// <summary>A permission of a token.</summary>
/// <param name="Permission">Such as <c>write:notes</c>.</param>
/// <param name="NeededBy">What needs it; null when nothing does.</param>
/// <param name="Has">Whether the token was made with it; null when nobody knows without asking Misskey.</param>
internal sealed record PermissionSight(string Permission, Phrase? NeededBy, bool? Has);
