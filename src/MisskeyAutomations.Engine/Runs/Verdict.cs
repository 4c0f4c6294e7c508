using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>What a rule's gates said to an event.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Gate">The gate that said no (see <see cref="Gates"/>); null when the rule runs.</param>
/// <param name="Reason">A sentence; null when there is nothing to add.</param>
public record Verdict(string Rule, string? Gate, string? Reason = null)
{
    /// <summary>Whether the rule's other steps run: its <c>else</c> after a no of <c>when</c>, the <c>over</c> of a full limit.</summary>
    public bool TookElse { get; init; }

    /// <summary>Whether a run came of it.</summary>
    public bool Runs => Gate is null || TookElse;

    /// <summary>The deciding expression with the values it saw, or a sentence; null when there is nothing to add.</summary>
    public virtual string? Because => Reason;

    /// <summary>
    /// The verdict when its run has come so far: a gate that needed a look-up, or was asked again after a wait, says its no in the run.
    /// </summary>
    public Verdict After(RunState state, string? gate, string? reason) =>
        Gate is null && state == RunState.Skipped && gate is not null ? new(Rule, gate, reason) : this;

    /// <summary>The same verdict with its reason made: it refers to nothing else any more.</summary>
    public Verdict Explained() => new(Rule, Gate, Because) { TookElse = TookElse };
}

/// <summary>Lists of verdicts, one for each rule.</summary>
public static class Verdicts
{
    extension(List<Verdict> verdicts)
    {
        /// <summary>Puts a verdict in place of that of the same rule, or behind the others.</summary>
        public void Put(Verdict verdict)
        {
            var index = verdicts.FindIndex(other => other.Rule == verdict.Rule);
            if (index < 0)
            {
                verdicts.Add(verdict);
            }
            else
            {
                verdicts[index] = verdict;
            }
        }
    }
}

/// <summary>
/// A no of <c>when</c>. Its reason is made when somebody asks: most verdicts of a thousand rules are never read. It is small, because
/// there may be as many of them as rules.
/// </summary>
internal sealed record WhenVerdict(Rules.Rule Asked, Scope Scope, ulong SeedOfEvent) : Verdict(Asked.Name, Gates.When)
{
    /// <inheritdoc/>
    public override string? Because
    {
        get
        {
            Scope.Seed = EventScope.SeedOf(SeedOfEvent, Asked.Name);
            Scope.RuleZone = Asked.TimeZone;
            Scope.Lets = Asked.Lets;
            return ConditionEvaluator.Ask(Asked.When, Scope).Because(Scope);
        }
    }
}

/// <summary>The names of the gates, in the order in which they are asked.</summary>
public static class Gates
{
    /// <summary>The note is not for this account's eyes.</summary>
    public const string NotForMe = "not-for-me";

    /// <summary>It is the reply that a run has waited for.</summary>
    public const string Heard = "heard";

    /// <summary>The rule is switched off.</summary>
    public const string Enabled = "enabled";

    /// <summary>A dummy of Misskey's test button.</summary>
    public const string Test = "test";

    /// <summary>One of this engine's own accounts or rules did it.</summary>
    public const string Self = "self";

    /// <summary>A bot did it.</summary>
    public const string Bots = "bots";

    /// <summary>Somebody whom the account muted or blocked did it.</summary>
    public const string Muted = "muted";

    /// <summary>It happened too long ago.</summary>
    public const string Late = "late";

    /// <summary>The condition does not hold.</summary>
    public const string When = "when";

    /// <summary>The condition does not hold any more after <c>after</c>.</summary>
    public const string NoLongerHolds = "no longer holds";

    /// <summary>Another rule of its group took the event, or is asked first.</summary>
    public const string Group = "group";

    /// <summary>An earlier run of the rule is unfinished.</summary>
    public const string Overlap = "overlap";

    /// <summary>The rule acted often enough.</summary>
    public const string Limit = "limit";

    /// <summary>The event's note is gone.</summary>
    public const string Gone = "gone";
}
