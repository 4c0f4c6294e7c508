using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>One rule at work for one event. The stored row is the only truth about it; every change is a new record.</summary>
public sealed record Run
{
    /// <summary>Its number in the store; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The account that acts.</summary>
    public required string Account { get; init; }

    /// <summary>The stored delivery that holds the event.</summary>
    public required long DeliveryId { get; init; }

    /// <summary>The key of the event's subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The rule's name.</summary>
    public required string RuleName { get; init; }

    /// <summary>The version of the rule that it started with and finishes on.</summary>
    public required string RuleHash { get; init; }

    /// <summary>Whether writes are shown instead of sent.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>How far it is on its way through its gates.</summary>
    public RunPhase Phase { get; init; } = RunPhase.Steps;

    /// <summary>Which steps it takes: <c>do</c>, <c>else</c>, <c>on-error</c>, or those of a limit without a place, <c>over</c>.</summary>
    public string Branch { get; init; } = "do";

    /// <summary>What it waits for; <see cref="WaitReason.None"/> unless it waits.</summary>
    public WaitReason WaitsFor { get; init; }

    /// <summary>When it is to be looked at again; null while nothing but a person or a reconciliation can move it, and once it ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When Misskey made the event.</summary>
    public required DateTimeOffset EventAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it waited because the rule asked for it; does not count towards <c>late</c>.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Since when it waits for its turn or for a place; null unless it does.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>
    /// Whether time may have passed since what it knows of its event was true: because the rule asked to wait, or a budget, pause or panic
    /// held it back. A retry is soon, and asks nothing anew.
    /// </summary>
    public bool HasWaited => Waited > TimeSpan.Zero || WaitsSince is not null || WaitsFor is WaitReason.Budget or WaitReason.Hold or WaitReason.Reply;

    /// <summary>The rules of its group, in order, to which the event is passed on when its condition says no; none once it is decided.</summary>
    public IReadOnlyList<string> GroupRest { get; init; } = [];

    /// <summary>Seed of its dice.</summary>
    public ulong Seed { get; init; }

    /// <summary>How often the present step was tried without success.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it ended or waits: a sentence for people; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The gate that ended it, for skipped runs; null otherwise.</summary>
    public string? Gate { get; init; }

    /// <summary>What <c>error.code</c> is to say about the failure that it just came to; not stored.</summary>
    public string? FailureCode { get; init; }

    /// <summary>What all its dice show in a test of rules; null in earnest, and not stored.</summary>
    public double? Die { get; init; }

    /// <summary>Grows with every claim; a save with an old one is refused.</summary>
    public long Epoch { get; init; }

    /// <summary>The steps that were begun, by path.</summary>
    public IReadOnlyDictionary<string, Step> Steps { get; init; } = new Dictionary<string, Step>(StringComparer.Ordinal);

    /// <summary>Whether it failed and takes, or took, the steps that its rule has for that.</summary>
    public bool IsOnError => Branch == OnError.Branch;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => State is RunState.Succeeded or RunState.Skipped or RunState.Failed or RunState.Cancelled;

    /// <summary>Whether only a person can let it go on: nobody knows what became of a step, and no look is due that would tell.</summary>
    public bool WaitsForPerson => this is { State: RunState.Waiting, WaitsFor: WaitReason.Uncertain, DueAt: null };

    /// <summary>Whether any step had, or may have had, an effect: then its place in the limits is kept.</summary>
    public bool HadEffect => Steps.Values.Any(step => step.HadEffect);

    /// <summary>Whether it keeps its places once it has ended. A dry run changes nothing; it keeps them where the real run would.</summary>
    public bool KeepsPlaces => HadEffect
        || (IsDryRun && Steps.Values.Any(step => step is { State: StepState.Done, Intent.Endpoint.Length: > 0 } or { State: StepState.Done, Kind: "set" }));
}

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Its gates need a look-up.</summary>
    Deciding,

    /// <summary>It waits: see <see cref="WaitReason"/>.</summary>
    Waiting,

    /// <summary>It can go on at once.</summary>
    Ready,

    /// <summary>A node is at it.</summary>
    Running,

    /// <summary>All its steps are over.</summary>
    Succeeded,

    /// <summary>A gate ended it.</summary>
    Skipped,

    /// <summary>A step failed.</summary>
    Failed,

    /// <summary>Its rule was disabled or deleted while it waited, a newer run took its place, or a person ended it.</summary>
    Cancelled,
}

/// <summary>How far a run is on its way through its gates.</summary>
public enum RunPhase
{
    /// <summary>Its condition or limit is not decided yet: a look-up is missing.</summary>
    Gates,

    /// <summary>The rule's <c>after</c> is over or running: the condition is asked once more before the first step.</summary>
    Recheck,

    /// <summary>Its steps are under way.</summary>
    Steps,

    /// <summary>Its condition holds; it waits for its turn or for a place in a limit, and its condition is asked once more afterwards.</summary>
    Admission,
}

/// <summary>What a waiting run waits for.</summary>
public enum WaitReason
{
    /// <summary>It does not wait.</summary>
    None,

    /// <summary>The rule's <c>after</c>.</summary>
    After,

    /// <summary>A <c>wait</c> or <c>wait-until</c> step.</summary>
    Step,

    /// <summary>The next attempt of a step or look-up that failed for now.</summary>
    Retry,

    /// <summary>Room in a budget, or the server's patience.</summary>
    Budget,

    /// <summary>The end of a panic or of an account's pause.</summary>
    Hold,

    /// <summary>Certainty about a step whose effect is unknown.</summary>
    Uncertain,

    /// <summary>A reply, or the end of the time in which it may come: a <c>wait-for</c> step.</summary>
    Reply,

    /// <summary>Its turn: an earlier run of its rule is unfinished (<c>overlap: queue</c>).</summary>
    Turn = 20,

    /// <summary>A place in a limit (<c>over: delay</c>).</summary>
    Place = 21,
}

/// <summary>The durable record of one entry under <c>do:</c> in a run.</summary>
public sealed record Step
{
    /// <summary>Its place in the rule: <c>do[0].then[1]</c>; in the third round of a loop <c>do[0]#3.do[1]</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The action's name, or <c>if</c>, <c>for-each</c>, <c>wait</c>, <c>wait-until</c>, <c>wait-for</c>, <c>set</c>, <c>stop</c>; <c>on-error</c> for the record of a failure.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required StepState State { get; init; }

    /// <summary>The frozen request; null for steps that send none.</summary>
    public Intent? Intent { get; init; }

    /// <summary>
    /// What <c>as:</c> keeps, as JSON; for <c>if</c> the branch taken as <c>"then"</c> or <c>"else"</c>; for <c>for-each</c> the number of
    /// rounds and the list; for <c>wait-for</c> the reply, null when none came.
    /// </summary>
    public string? Answer { get; init; }

    /// <summary>Why it was skipped or failed, or what a person should know; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>When it got into its state.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it changed something outside, or may have.</summary>
    public bool HadEffect { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsOver => State is StepState.Done or StepState.Skipped or StepState.Failed;
}

/// <summary>Where a step stands.</summary>
public enum StepState
{
    /// <summary>Begun, and known not to be on its way: a running <c>wait</c>, or a frozen request that was not sent yet.</summary>
    Pending,

    /// <summary>Its request is frozen on disk; it may be on its way.</summary>
    Intended,

    /// <summary>Sent, effect unknown.</summary>
    Uncertain,

    /// <summary>Its effect is there.</summary>
    Done,

    /// <summary>It did nothing, for a reason.</summary>
    Skipped,

    /// <summary>It was refused.</summary>
    Failed,
}
