using System.Runtime.InteropServices;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Decides an event for all rules without asking anybody: gates that need no look-up say yes or no here, a rule that needs one
/// becomes a run whose gates finish in the executor.
/// </summary>
public static class RunPlanner
{
    /// <summary>The verdict of every candidate, and the runs to be made.</summary>
    public static Plan Plan(Event happening, RuleSet rules, PlanningFacts facts)
    {
        var verdicts = new List<Verdict>(rules.CountCandidates(happening));
        var runs = new List<PlannedRun>();
        Scope? scope = null;
        var seed = EventScope.SeedOf(happening);
        var isBot = happening.User is { } user && user.IsTrue("isBot") && happening.IsDoneByUser;
        Dictionary<string, GroupTurn>? groups = null;
        foreach (var rule in rules.Candidates(happening))
        {
            scope ??= EventScope.Create(happening, rules, facts.Now, facts.Die);
            if (AskGates(rule, happening, isBot, facts) is { } refused)
            {
                verdicts.Add(refused);
            }
            else if (rule.Group is { } name)
            {
                groups ??= new(StringComparer.Ordinal);
                (CollectionsMarshal.GetValueRefOrAddDefault(groups, name, out _) ??= new()).Add(rule, verdicts.Count);
                verdicts.Add(new(rule.Name, Gates.Group));
            }
            else
            {
                verdicts.Add(AskRule(rule, happening, scope, seed, facts, runs).Verdict);
            }
        }

        foreach (var group in groups?.Values ?? Enumerable.Empty<GroupTurn>())
        {
            group.Decide(verdicts, runs, rule => AskRule(rule, happening, scope!, seed, facts, runs));
        }

        return new(verdicts, runs);
    }

    /// <summary>Decides for the rest of a group once the rule before them, which needed a look-up, has said no.</summary>
    /// <param name="happening">The event.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="facts">What the planner is told.</param>
    /// <param name="names">The rules of the rest that had passed the gates before <c>when</c>, in the order in which they are asked.</param>
    /// <param name="known">The look-ups that were answered already.</param>
    public static Plan PlanRest(
        Event happening, RuleSet rules, PlanningFacts facts, IReadOnlyList<string> names, IReadOnlyDictionary<Lookup, Value> known)
    {
        var verdicts = new List<Verdict>();
        var runs = new List<PlannedRun>();
        var scope = EventScope.Create(happening, rules, facts.Now, facts.Die);
        foreach (var (lookup, answer) in known)
        {
            scope.Answer(lookup, answer);
        }

        var seed = EventScope.SeedOf(happening);
        var group = new GroupTurn();
        foreach (var rule in names.Select(rules.Find).OfType<Rule>())
        {
            if (rule.Mode == RuleMode.Disabled)
            {
                verdicts.Add(new(rule.Name, Gates.Enabled, GateReasons.Enabled));
            }
            else if (Lateness.IsLate(rule, facts.AgeOf(happening), TimeSpan.Zero, facts.Now))
            {
                verdicts.Add(new(rule.Name, Gates.Late, Lateness.Because(rule, facts.AgeOf(happening), TimeSpan.Zero, facts.Now)));
            }
            else
            {
                group.Add(rule, verdicts.Count);
                verdicts.Add(new(rule.Name, Gates.Group));
            }
        }

        group.Decide(verdicts, runs, rule => AskRule(rule, happening, scope, seed, facts, runs));
        return new(verdicts, runs);
    }

    private static Verdict? AskGates(Rule rule, Event happening, bool isBot, PlanningFacts facts)
    {
        if (rule.Mode == RuleMode.Disabled)
        {
            return new(rule.Name, Gates.Enabled, GateReasons.Enabled);
        }

        if (happening.Standing == EventStanding.Test)
        {
            return new(rule.Name, Gates.Test, GateReasons.Test);
        }

        if (happening.Standing is EventStanding.NotForMe or EventStanding.Hidden)
        {
            return new(rule.Name, Gates.NotForMe, GateReasons.NotForMe(happening));
        }

        if (!rule.Include.HasFlag(Inclusions.Self) && IsSelf(rule, happening, facts))
        {
            return new(rule.Name, Gates.Self, GateReasons.Self(happening, facts));
        }

        if (isBot && !rule.Include.HasFlag(Inclusions.Bots))
        {
            return new(rule.Name, Gates.Bots, GateReasons.Bots(happening));
        }

        if (!rule.Include.HasFlag(Inclusions.Muted) && facts.IsMuted && happening.IsDoneByUser)
        {
            return new(rule.Name, Gates.Muted, GateReasons.Muted(happening));
        }

        return Lateness.IsLate(rule, facts.AgeOf(happening), TimeSpan.Zero, facts.Now)
            ? new(rule.Name, Gates.Late, Lateness.Because(rule, facts.AgeOf(happening), TimeSpan.Zero, facts.Now)) : null;
    }

    // My own note, follow or unfollow counts as self only when a rule did it; anything else that one of our accounts does always counts.
    private static bool IsSelf(Rule rule, Event happening, PlanningFacts facts) =>
        happening.Type is "note" or "follow" or "unfollow" && rule.Triggers.Contains(happening.Type, StringComparer.Ordinal)
            ? facts.IsRulesDeed : facts.IsOurs;

    private static (Verdict Verdict, GroupAnswer Answer) AskRule(
        Rule rule, Event happening, Scope scope, ulong seed, PlanningFacts facts, List<PlannedRun> runs)
    {
        scope.Seed = EventScope.SeedOf(seed, rule.Name);
        scope.RuleZone = rule.TimeZone;
        scope.Lets = rule.Lets;
        var answer = ConditionEvaluator.Ask(rule.When, scope);
        if (answer.Value.Kind == ValueKind.Needs)
        {
            runs.Add(new(Undecided(rule, happening, scope, facts), rule.ResolvedText, []) { OncePerNote = NoteOf(rule, happening) });
            return (new(rule.Name, null), GroupAnswer.Open);
        }

        if (!answer.Value.IsTrue)
        {
            return (RefusedByWhen(rule, happening, scope, seed, facts, runs, answer), GroupAnswer.No);
        }

        var (claims, trouble) = LimitClaims.Of(rule, happening, scope, facts.Now);
        if (trouble is { Kind: ValueKind.Error } error)
        {
            return (new(rule.Name, Gates.Limit, error.Reason), GroupAnswer.Yes);
        }

        var planned = trouble is null
            ? new PlannedRun(Granted(NewRun(rule, happening, scope, facts), rule, facts.Now), rule.ResolvedText, claims) { Overlap = LimitClaims.OverlapOf(rule, happening) }
            : new(Undecided(rule, happening, scope, facts), rule.ResolvedText, []);
        runs.Add(planned with { OncePerNote = NoteOf(rule, happening) });
        return (new(rule.Name, null), GroupAnswer.Yes);
    }

    private static Run Undecided(Rule rule, Event happening, Scope scope, PlanningFacts facts) =>
        NewRun(rule, happening, scope, facts) with { State = RunState.Deciding, Phase = RunPhase.Gates };

    private static Verdict RefusedByWhen(
        Rule rule, Event happening, Scope scope, ulong seed, PlanningFacts facts, List<PlannedRun> runs, ConditionAnswer answer)
    {
        var takesElse = rule.Else.Count > 0 && answer.Value.Kind != ValueKind.Error;
        if (takesElse)
        {
            runs.Add(new(NewRun(rule, happening, scope, facts) with { Branch = "else" }, rule.ResolvedText, []) { OncePerNote = NoteOf(rule, happening) });
        }

        // What went wrong once, such as a search that took too long, need not go wrong again when somebody asks for the reason.
        return answer.Value.Kind == ValueKind.Error
            ? new Verdict(rule.Name, Gates.When, answer.Because(scope)) : new WhenVerdict(rule, scope, seed) { TookElse = takesElse };
    }

    // What passes at a place is an event of its own. A rule that names the place and more would run once for each.
    private static string? NoteOf(Rule rule, Event happening) =>
        rule.Triggers.Count > 1 && happening.Note?.GetText("id") is { } id && rule.Triggers.Any(EventTypes.IsPlace)
        && (EventTypes.IsPlace(happening.Type) || EventTypes.Find(happening.Type) is { HasNote: true }) && happening.Type is not ("reaction" or "pollEnded")
            ? id : null;

    private static Run NewRun(Rule rule, Event happening, Scope scope, PlanningFacts facts) => new()
    {
        Account = happening.Account,
        DeliveryId = facts.DeliveryId,
        Subject = happening.Subject.Key,
        RuleName = rule.Name,
        RuleHash = rule.Hash,
        IsDryRun = rule.Mode == RuleMode.DryRun,
        State = RunState.Ready,
        EventAt = facts.AgeOf(happening),
        CreatedAt = facts.Now,
        DueAt = facts.Now,
        Seed = scope.Seed,
        Die = facts.Die,
    };

    /// <summary>
    /// The run with its condition answered, its turn and its places: it starts, or waits for the rule's <c>after</c> first. After a wait
    /// for its turn or a place its condition is asked once more.
    /// </summary>
    public static Run Granted(Run run, Rule rule, DateTimeOffset now)
    {
        if (rule.After is not { } after)
        {
            return run with { State = RunState.Ready, Phase = run.Phase == RunPhase.Admission ? RunPhase.Recheck : RunPhase.Steps, DueAt = now };
        }

        var length = Dice.Draw(after, run.Seed, "after", run.Die);
        return run with
        {
            State = RunState.Waiting,
            WaitsFor = WaitReason.After,
            Phase = RunPhase.Recheck,
            DueAt = now + length,
            Waited = run.Waited + length,
        };
    }
}

/// <summary>What the planner is told about an event beside the event itself.</summary>
public sealed record PlanningFacts
{
    /// <summary>The time of the decision.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The stored delivery.</summary>
    public required long DeliveryId { get; init; }

    /// <summary>What all dice show in a test of rules; null in earnest.</summary>
    public double? Die { get; init; }

    /// <summary>From when on its age is counted, where that is not when Misskey made it: a person ordered it once more. Null otherwise.</summary>
    public DateTimeOffset? AgeFrom { get; init; }

    /// <summary>Whether one of this engine's accounts caused it.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Whether a rule of this engine caused it; asked for <c>note follow unfollow</c> only.</summary>
    public bool IsRulesDeed { get; init; }

    /// <summary>Whether the account muted or blocked whoever caused it.</summary>
    public bool IsMuted { get; init; }

    /// <summary>From when on an event's age is counted.</summary>
    internal DateTimeOffset AgeOf(Event happening) => AgeFrom ?? happening.CreatedAt;
}

/// <summary>What became of an event.</summary>
/// <param name="Verdicts">One for each candidate, in file order.</param>
/// <param name="Runs">The runs to be made.</param>
public sealed record Plan(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<PlannedRun> Runs);
