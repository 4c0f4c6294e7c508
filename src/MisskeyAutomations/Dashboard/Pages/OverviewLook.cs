using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>How the engine stands, looked at for one page.</summary>
internal sealed class OverviewLook(
    AccountDirectory accounts, Holds holds, ServerProbe probe, MisskeyAccountCheck check, StreamStates streams, RuleVersions rules, StoreFigures figures)
{
    /// <summary>The accounts by name.</summary>
    public IReadOnlyList<AccountSight> Accounts => [.. accounts.All.OrderBy(account => account.Name, StringComparer.Ordinal).Select(Look)];

    /// <summary>What waits, the most frequent first.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<(Phrase What, long Count)> Waiting =>
    [
        .. figures.CountWaiting().Where(row => row.Key != WaitReason.None).OrderByDescending(row => row.Value).Select(row => (WhyWords.Of(row.Key), row.Value)),
    ];

    private AccountSight Look(Account account)
    {
        var (standing, sentence) = StandingOf(account);
        return new(account.Name, account.Server.Authority, check[account.Name].Username, standing, sentence)
        {
            LastEvent = figures.FindLastEvent(account.Name),
            Budgets =
            [
                .. rules.Current.Defaults.Budgets.Select(budget => new BudgetSight(budget.Key, figures.CountUsed(account.Name, budget.Key, budget.Value), budget.Value.Max, budget.Value.Within)),
            ],
        };
    }

    private (Standing, Phrase) StandingOf(Account account) =>
        holds.Paused.TryGetValue(account.Name, out var reason) ? (Standing.Bad, Phrase.Of($"Misskey refuses it: {reason}"))
        : holds.Stopped.Contains(account.Name) ? (Standing.Waiting, "You paused it; its events are still accepted.")
        : probe.IsDoubtful(account.Server) ? (Standing.Bad, "Its server does not answer; what is to be sent there waits.")
        : streams.All.TryGetValue(account.Name, out var stream) && stream.Trouble is { } trouble ? (Standing.Bad, Phrase.Of($"Its stream is not heard: {trouble}"))
        : (Standing.Good, "All is well.");
}

/// <summary>How something stands, at a glance.</summary>
internal enum Standing
{
    Good,
    Waiting,
    Bad,
}

/// <summary>How an account stands.</summary>
internal sealed record AccountSight(string Name, string Server, string? Username, Standing Standing, Phrase Sentence)
{
    /// <summary>When an event last came; null when none ever did.</summary>
    public DateTimeOffset? LastEvent { get; init; }

    public required IReadOnlyList<BudgetSight> Budgets { get; init; }
}

/// <summary>How much of a budget is used.</summary>
internal sealed record BudgetSight(string Name, long Used, long Limit, TimeSpan Within);
