using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Oversight;

/// <summary>Looks at how the engine stands.</summary>
internal sealed class Overviews(
    AccountDirectory accounts, Holds holds, ServerProbe probe, MisskeyAccountCheck check, StreamStates streams, RuleVersions rules, StoreFigures figures, RunQueries runs, TimeProvider time)
{
    /// <summary>How it stands now.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public Overview Look()
    {
        var (undecided, oldest) = figures.CountUndecided();
        var (events, setAside) = figures.CountSetAside();
        return new()
        {
            At = time.GetUtcNow(),
            IsPanic = holds.Panic,
            Accounts = LookAtAccounts(),
            Waits = runs.ListWaits(),
            Breakers = figures.ListBreakers(),
            Undecided = undecided,
            OldestUndecidedAt = oldest,
            Uncertain = figures.CountUncertain(),
            EventsSetAside = events,
            RunsSetAside = setAside,
            IsStoreWritable = figures.IsWritable,
        };
    }

    /// <summary>How the accounts stand, by name.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<AccountOverview> LookAtAccounts() => [.. accounts.All.OrderBy(account => account.Name, StringComparer.Ordinal).Select(Look)];

    /// <summary>How one account stands.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public AccountOverview Look(Account account)
    {
        var (hold, reason) = HoldOf(account);
        return new()
        {
            Name = account.Name,
            Server = account.Server,
            Username = check[account.Name].Username,
            Source = account.Source,
            Hold = hold,
            Reason = reason,
            LastEventAt = figures.FindLastEvent(account.Name),
            Budgets = [.. rules.Current.Defaults.Budgets.Select(budget => new BudgetUse(
                budget.Key, figures.CountUsed(account.Name, budget.Key, budget.Value), budget.Value.Max, budget.Value.Within))],
        };
    }

    private (AccountHold Hold, string? Reason) HoldOf(Account account) =>
        holds.Paused.TryGetValue(account.Name, out var refusal) && !holds.Stopped.Contains(account.Name) ? (AccountHold.Refused, refusal)
        : holds.Stopped.Contains(account.Name) ? (AccountHold.Paused, refusal)
        : probe.IsDoubtful(account.Server) ? (AccountHold.ServerLost, null)
        : streams.All.TryGetValue(account.Name, out var stream) && stream.Trouble is { } trouble ? (AccountHold.StreamLost, trouble)
        : (AccountHold.None, null);
}

/// <summary>How the engine stands.</summary>
internal sealed record Overview
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether everything is stopped.</summary>
    public required bool IsPanic { get; init; }

    public required IReadOnlyList<AccountOverview> Accounts { get; init; }

    /// <summary>What runs wait for.</summary>
    public required IReadOnlyList<Waits> Waits { get; init; }

    /// <summary>Whom accounts do not answer for now.</summary>
    public required IReadOnlyList<OpenBreaker> Breakers { get; init; }

    /// <summary>How many deliveries are not decided yet.</summary>
    public required long Undecided { get; init; }

    /// <summary>When the oldest of them came; null when there is none.</summary>
    public required DateTimeOffset? OldestUndecidedAt { get; init; }

    /// <summary>How many steps were sent and never confirmed.</summary>
    public required long Uncertain { get; init; }

    public required long EventsSetAside { get; init; }

    public required long RunsSetAside { get; init; }

    /// <summary>Whether nothing keeps changes from being written.</summary>
    public required bool IsStoreWritable { get; init; }
}

/// <summary>How an account stands.</summary>
internal sealed record AccountOverview
{
    public required string Name { get; init; }

    public required Uri Server { get; init; }

    /// <summary>Its username there; null until Misskey told it.</summary>
    public required string? Username { get; init; }

    /// <summary>How its events come.</summary>
    public required AccountSource Source { get; init; }

    public required AccountHold Hold { get; init; }

    /// <summary>Why; null when there is nothing to add.</summary>
    public required string? Reason { get; init; }

    /// <summary>When an event last came by a webhook or its stream; null when none ever did.</summary>
    public required DateTimeOffset? LastEventAt { get; init; }

    public required IReadOnlyList<BudgetUse> Budgets { get; init; }
}

/// <summary>How much of a budget is used.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Used">How many calls count now.</param>
/// <param name="Limit">How many may.</param>
/// <param name="Within">For how long a call counts.</param>
internal sealed record BudgetUse(string Name, long Used, long Limit, TimeSpan Within);

/// <summary>What keeps an account from acting.</summary>
internal enum AccountHold
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its owner paused it; Misskey may refuse its token as well, which is the reason then.</summary>
    Paused,

    /// <summary>Misskey refuses its token.</summary>
    Refused,

    /// <summary>Its server does not answer; what is to be sent there waits.</summary>
    ServerLost,

    /// <summary>Its stream is not heard.</summary>
    StreamLost,
}
