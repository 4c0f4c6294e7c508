using System.ComponentModel;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>How the engine stands.</summary>
internal sealed record OverviewAnswer
{
    public required DateTimeOffset At { get; init; }

    [Description("Whether everything is stopped")]
    public required bool IsPanic { get; init; }

    public required bool IsStoreWritable { get; init; }

    public required IReadOnlyList<AccountAnswer> Accounts { get; init; }

    [Description("What runs wait for, with how many do and the oldest of them")]
    public required IReadOnlyList<Waits> Waits { get; init; }

    [Description("Whom accounts do not answer for now, because both answered each other too often")]
    public required IReadOnlyList<OpenBreaker> Breakers { get; init; }

    [Description("How many deliveries are not decided yet")]
    public required long Undecided { get; init; }

    public required DateTimeOffset? OldestUndecidedAt { get; init; }

    [Description("How many steps were sent and never confirmed")]
    public required long Uncertain { get; init; }

    public required long EventsSetAside { get; init; }

    public required long RunsSetAside { get; init; }

    public static OverviewAnswer Of(Overview overview) => new()
    {
        At = overview.At,
        IsPanic = overview.IsPanic,
        IsStoreWritable = overview.IsStoreWritable,
        Accounts = [.. overview.Accounts.Select(AccountAnswer.Of)],
        Waits = overview.Waits,
        Breakers = overview.Breakers,
        Undecided = overview.Undecided,
        OldestUndecidedAt = overview.OldestUndecidedAt,
        Uncertain = overview.Uncertain,
        EventsSetAside = overview.EventsSetAside,
        RunsSetAside = overview.RunsSetAside,
    };
}

/// <summary>How an account stands.</summary>
internal sealed record AccountAnswer
{
    public required string Name { get; init; }

    public required string Server { get; init; }

    [Description("Null until Misskey told it")]
    public required string? Username { get; init; }

    [Description("How its events come")]
    public required AccountSource Source { get; init; }

    [Description("What keeps it from acting")]
    public required AccountHold Hold { get; init; }

    public required string? Reason { get; init; }

    [Description("When an event last came by a webhook or its stream")]
    public required DateTimeOffset? LastEventAt { get; init; }

    public required IReadOnlyList<BudgetAnswer> Budgets { get; init; }

    public static AccountAnswer Of(AccountOverview account) => new()
    {
        Name = account.Name,
        Server = account.Server.Authority,
        Username = account.Username,
        Source = account.Source,
        Hold = account.Hold,
        Reason = account.Reason,
        LastEventAt = account.LastEventAt,
        Budgets = [.. account.Budgets.Select(budget => new BudgetAnswer(budget.Name, budget.Used, budget.Limit, budget.Within.TotalSeconds))],
    };
}

/// <summary>How much of a budget is used.</summary>
internal sealed record BudgetAnswer(string Name, long Used, long Limit, [property: Description("For how long a call counts")] double WithinSeconds);

/// <summary>What was done in equal steps of time.</summary>
internal sealed record ActivityAnswer(
    [property: Description("When each step began, the oldest first; the last one is not over yet")] IReadOnlyList<DateTimeOffset> Begins,
    [property: Description("What was done in each, for every account that did anything")] IReadOnlyDictionary<string, IReadOnlyList<ActivitySums>> Accounts);

/// <summary>A rule in force.</summary>
internal sealed record RuleAnswer
{
    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required RuleMode Mode { get; init; }

    [Description("The types of events that start it")]
    public required IReadOnlyList<string> Triggers { get; init; }

    [Description("The accounts that it serves; empty for all")]
    public required IReadOnlyList<string> Accounts { get; init; }

    [Description("The file that it stands in")]
    public required string File { get; init; }

    public required int Line { get; init; }

    [Description("Its version: a hash of its text with all that belongs to it")]
    public required string Hash { get; init; }

    [Description("When a run of it last got past its gates; null when none ever did")]
    public required DateTimeOffset? LastFiredAt { get; init; }

    [Description("What it did within the last 24 hours")]
    public required ActivitySums Day { get; init; }

    [Description("What it did within the last seven days")]
    public required ActivitySums Week { get; init; }

    public static RuleAnswer Of(RuleSight sight) => new()
    {
        Name = sight.Rule.Name,
        Description = sight.Rule.Description,
        Mode = sight.Rule.Mode,
        Triggers = sight.Rule.Triggers,
        Accounts = sight.Rule.Accounts,
        File = Path.GetFileName(sight.Rule.Source.Path),
        Line = sight.Rule.Source.GetPosition(sight.Rule.NameSpan.Start).Line,
        Hash = sight.Rule.Hash,
        LastFiredAt = sight.FiredAt,
        Day = sight.Day,
        Week = sight.Week,
    };
}
