using System.ComponentModel;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>A page of runs, newest first.</summary>
internal sealed record RunPageAnswer(
    IReadOnlyList<RunAnswer> Runs,
    [property: Description("Where the next page begins; null when there is nothing more")] string? NextCursor,
    [property: Description("How far back was looked, where fewer were found than asked for and there is more to look at; null otherwise")] DateTimeOffset? LookedBackTo);

/// <summary>A run.</summary>
internal sealed record RunAnswer
{
    public required long Id { get; init; }

    [Description("The number of its event's delivery")]
    public required long Event { get; init; }

    public required string Account { get; init; }

    public required string Rule { get; init; }

    [Description("The version of the rule that it is on, as a hash")]
    public required string RuleHash { get; init; }

    public required bool IsDryRun { get; init; }

    public required RunState State { get; init; }

    [Description("Which steps it takes: do, else, on-error, or those of a full limit")]
    public required string Branch { get; init; }

    [Description("What it waits for; none unless it waits")]
    public required WaitReason WaitsFor { get; init; }

    [Description("When it is looked at again; null while somebody must move it, and once it ended")]
    public required DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset EventAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("How many seconds it waited because its rule asked for it")]
    public required double WaitedSeconds { get; init; }

    [Description("How often its present step was tried without success")]
    public required int Attempts { get; init; }

    public required string? Reason { get; init; }

    [Description("The gate that ended it; null unless it is skipped")]
    public required string? Gate { get; init; }

    [Description("Its steps in the order in which they got into their states; empty in lists")]
    public required IReadOnlyList<StepAnswer> Steps { get; init; }

    [Description("What it has looked up, in that order; answers are not kept. Empty in lists and beside an event")]
    public required IReadOnlyList<LookupAnswered> Lookups { get; init; }

    public static RunAnswer Of(RecordedRun run) => new()
    {
        Id = run.Id,
        Event = run.Delivery,
        Account = run.Account,
        Rule = run.Rule,
        RuleHash = run.RuleHash,
        IsDryRun = run.IsDryRun,
        State = run.State,
        Branch = run.Branch,
        WaitsFor = run.WaitsFor,
        DueAt = run.DueAt,
        EventAt = run.EventAt,
        CreatedAt = run.CreatedAt,
        WaitedSeconds = run.Waited.TotalSeconds,
        Attempts = run.Attempts,
        Reason = run.Reason,
        Gate = run.Gate,
        Steps = [.. run.Steps.Select(recorded => StepAnswer.Of(recorded.Step, recorded.BeganAt, recorded.Attempts))],
        Lookups = [.. run.Lookups.Select(recorded => new LookupAnswered(recorded.Lookup.Kind.Endpoint ?? "", recorded.Lookup.Key, recorded.Outcome, recorded.Reason, recorded.At))],
    };
}

/// <summary>Something that a run has looked up.</summary>
internal sealed record LookupAnswered(
    [property: Description("The endpoint, such as users/show")] string Endpoint,
    [property: Description("Whom or what it asked about: an id, a name")] string Subject,
    LookupOutcome Outcome,
    [property: Description("Why it was not answered; null where it was")] string? Reason,
    DateTimeOffset At);

/// <summary>A step of a run.</summary>
internal sealed record StepAnswer
{
    [Description("Its place in the rule, such as do[0].then[1]")]
    public required string Path { get; init; }

    public required string Kind { get; init; }

    public required StepState State { get; init; }

    [Description("Since when it is, or was, at work; null where a former version recorded it")]
    public required DateTimeOffset? BeganAt { get; init; }

    [Description("When it got into its state")]
    public required DateTimeOffset At { get; init; }

    [Description("How often its request was sent")]
    public required int Attempts { get; init; }

    [Description("Whether it changed something outside, or may have")]
    public required bool HadEffect { get; init; }

    public required string? Reason { get; init; }

    [Description("The request, as it was frozen before it was sent; null for steps that send none")]
    public required RequestAnswer? Request { get; init; }

    [Description("What was answered, as far as it is kept")]
    public required JsonElement? Answer { get; init; }

    public static StepAnswer Of(Step step, DateTimeOffset? beganAt, int attempts) => new()
    {
        Path = step.Path,
        Kind = step.Kind,
        State = step.State,
        BeganAt = beganAt,
        At = step.At,
        Attempts = attempts,
        HadEffect = step.HadEffect,
        Reason = step.Reason,
        Request = step.Intent is { } intent ? RequestAnswer.Of(intent) : null,
        Answer = step.Answer is { } answer ? JsonElement.Parse(answer) : null,
    };
}

/// <summary>The request of a step. Secrets stand in it as their names.</summary>
internal sealed record RequestAnswer(
    string Summary,
    [property: Description("The endpoint, such as notes/create; empty where there is none")] string Endpoint,
    JsonElement Body,
    [property: Description("The budget that it draws on; null for none")] string? Budget,
    [property: Description("What was changed for safety's or the server's sake")] IReadOnlyList<string> Remarks)
{
    public static RequestAnswer Of(Intent intent) => new(intent.Summary, intent.Endpoint, JsonElement.Parse(intent.Body), intent.Budget, intent.Remarks);
}

/// <summary>A step that was sent and never confirmed.</summary>
internal sealed record UncertainAnswer(
    long Run,
    string Account,
    string Rule,
    string Path,
    RequestAnswer Request,
    string? Reason,
    DateTimeOffset At,
    [property: Description("When the engine looks for its effect next; null when only a person can tell")] DateTimeOffset? LooksAt)
{
    public static UncertainAnswer Of(UncertainStep step) =>
        new(step.RunId, step.Account, step.RuleName, step.Path, RequestAnswer.Of(step.Intent), step.Reason, step.At, step.LooksAt);
}

/// <summary>What was set aside.</summary>
internal sealed record QuarantineAnswer(
    [property: Description("Events that could not be decided, newest first")] IReadOnlyList<EventAnswer> Events,
    [property: Description("Runs at which the engine ended again and again, newest first")] IReadOnlyList<RunSetAsideAnswer> Runs);

/// <summary>A run that was set aside.</summary>
internal sealed record RunSetAsideAnswer(long Run, string Account, string Rule, long Event, int Deaths, DateTimeOffset At)
{
    public static RunSetAsideAnswer Of(RunSetAside run) => new(run.RunId, run.Account, run.RuleName, run.Delivery, run.Deaths, run.At);
}

/// <summary>What became of an order, in a sentence.</summary>
internal sealed record DoneAnswer(string Done);
