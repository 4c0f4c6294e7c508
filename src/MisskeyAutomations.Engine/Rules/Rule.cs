using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>A rule as people wrote it, checked and ready to decide.</summary>
public sealed record Rule
{
    /// <summary>Its name: unique in the set; limits and uniqueness key on it.</summary>
    public required string Name { get; init; }

    /// <summary>Text for people; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>The accounts it serves; empty for all.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Whether it is for this account.</summary>
    public bool Serves(string account) => Accounts.Count == 0 || Accounts.Contains(account, StringComparer.Ordinal);

    /// <summary>Whether it acts, sleeps, or only shows what it would do.</summary>
    public RuleMode Mode { get; init; } = RuleMode.Enabled;

    /// <summary>Names of the event types that start it.</summary>
    public required IReadOnlyList<string> Triggers { get; init; }

    /// <summary>The times at which the clock starts it; empty when it does not.</summary>
    public IReadOnlyList<CronTrigger> Crons { get; init; } = [];

    /// <summary>Kinds of events that are otherwise ignored.</summary>
    public Inclusions Include { get; init; }

    /// <summary>The zone in which its hours, days and calendar limits are counted; null for that of its clock, or of the set.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>The zone in which its hours, days and calendar limits are counted.</summary>
    /// <param name="isClock">Whether the clock started it: then the zone of its clocks counts, unless they differ.</param>
    /// <param name="defaults">What holds where neither it nor its clock names one.</param>
    public TimeZoneInfo ZoneOf(bool isClock, Defaults defaults) =>
        TimeZone ?? (isClock && Crons.Select(cron => cron.Zone).Distinct().ToArray() is [var zone] ? zone : defaults.TimeZone);

    /// <summary>Named expressions for <see cref="When"/>, limits and steps, in the order in which they stand.</summary>
    public IReadOnlyDictionary<string, CompiledExpression> Lets { get; init; } = new Dictionary<string, CompiledExpression>(StringComparer.Ordinal);

    /// <summary>What must hold; null for always.</summary>
    public Condition? When { get; init; }

    /// <summary>
    /// Its group: of the rules with one group, the first in file order whose condition holds takes the event, one without condition
    /// last. Null when it decides alone.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>What happens while an earlier run of it is unfinished.</summary>
    public Overlap Overlap { get; init; } = Overlap.Parallel;

    /// <summary>How often it may act; all must grant.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>How long the whole run waits before its first step; null for not at all.</summary>
    public DurationRange? After { get; init; }

    /// <summary>An event older than this is not acted on; waiting that the rule asked for does not count.</summary>
    public required TimeSpan Late { get; init; }

    /// <summary>The steps when <see cref="When"/> holds.</summary>
    public required IReadOnlyList<StepNode> Do { get; init; }

    /// <summary>The steps when it does not hold at the first check.</summary>
    public IReadOnlyList<StepNode> Else { get; init; } = [];

    /// <summary>The steps when the run fails; it ends failed all the same.</summary>
    public IReadOnlyList<StepNode> OnError { get; init; } = [];

    /// <summary>The endpoints that it may call: those of its steps, and those that answer its look-ups.</summary>
    public required IReadOnlySet<string> Endpoints { get; init; }

    /// <summary>The steps of all its branches.</summary>
    public IEnumerable<IReadOnlyList<StepNode>> Branches => [Do, Else, .. Limits.Select(limit => limit.OverSteps), OnError];

    /// <summary>The resolved text: a rule file of its own that reads to this rule again, with the lists and defaults it uses.</summary>
    public required string ResolvedText { get; init; }

    /// <summary>SHA-256 of <see cref="ResolvedText"/>, 64 hexadecimal digits in lower case: the rule's version.</summary>
    public required string Hash { get; init; }

    /// <summary>Where it was written.</summary>
    public required SourceText Source { get; init; }

    /// <summary>The characters of its name there.</summary>
    public required TextSpan NameSpan { get; init; }
}

/// <summary>The three settings of <c>enabled</c>.</summary>
public enum RuleMode
{
    /// <summary>It acts.</summary>
    Enabled,

    /// <summary>It sleeps; its waiting runs are cancelled.</summary>
    Disabled,

    /// <summary>Look-ups and waits are real, writes are shown instead of sent.</summary>
    DryRun,
}

/// <summary>Kinds of events that rules ignore unless they are included.</summary>
[Flags]
public enum Inclusions
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>What this engine's own accounts and rules did.</summary>
    Self = 1,

    /// <summary>Events caused by bots.</summary>
    Bots = 2,

    /// <summary>Events caused by people whom the account has muted or blocked.</summary>
    Muted = 4,
}

/// <summary>The condition of a rule: an expression or a tree of them.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    /// <summary>Holds when the expression is true.</summary>
    public sealed record Holds(CompiledExpression Expression) : Condition;

    /// <summary>Holds when all do; asked in order, the first no decides.</summary>
    public sealed record All(IReadOnlyList<Condition> Conditions) : Condition;

    /// <summary>Holds when one does; the first yes decides.</summary>
    public sealed record Any(IReadOnlyList<Condition> Conditions) : Condition;

    /// <summary>Holds when none does; the first yes decides.</summary>
    public sealed record None(IReadOnlyList<Condition> Conditions) : Condition;
}

/// <summary>A duration, or a range from which each run draws its own.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest; equal to <paramref name="Min"/> for a fixed duration.</param>
public sealed record DurationRange(TimeSpan Min, TimeSpan Max);

/// <summary>How often a rule may act.</summary>
/// <param name="Max">How many runs are granted within the period.</param>
/// <param name="Per">What is counted apart: each user, host …</param>
/// <param name="Key">The expression for <see cref="LimitKey.Expression"/>; null otherwise.</param>
/// <param name="Period">The span in which they are counted.</param>
/// <param name="Text">As written, for verdicts.</param>
public sealed record Limit(int Max, LimitKey Per, CompiledExpression? Key, LimitPeriod Period, string Text)
{
    /// <summary>What becomes of a run that it has no place for.</summary>
    public LimitOver Over { get; init; } = LimitOver.Skip;

    /// <summary>The steps for <see cref="LimitOver.Steps"/>; none otherwise.</summary>
    public IReadOnlyList<StepNode> OverSteps { get; init; } = [];

    /// <summary>The name of the branch that <see cref="OverSteps"/> are: <c>over</c>, of a rule's third limit <c>over-3</c>.</summary>
    public string OverBranch { get; init; } = "over";
}

/// <summary>What becomes of a run that a limit has no place for.</summary>
public enum LimitOver
{
    /// <summary>It is not made.</summary>
    Skip,

    /// <summary>It waits until there is a place, behind those that wait already.</summary>
    Delay,

    /// <summary>It takes other steps instead, at once and without a place.</summary>
    Steps,
}

/// <summary>What a limit counts apart.</summary>
public enum LimitKey
{
    /// <summary>Nothing: all events of the account count together.</summary>
    Account,

    /// <summary>Each user.</summary>
    User,

    /// <summary>Each server.</summary>
    Host,

    /// <summary>Each note.</summary>
    Note,

    /// <summary>Each thread.</summary>
    Thread,

    /// <summary>Each value of an expression.</summary>
    Expression,
}

/// <summary>The span in which a limit counts.</summary>
public abstract record LimitPeriod
{
    private LimitPeriod()
    {
    }

    /// <summary>The last so-and-so long, sliding.</summary>
    public sealed record Sliding(TimeSpan Length) : LimitPeriod;

    /// <summary>The current hour, day, week (from Monday) or month in the rule set's time zone.</summary>
    public sealed record Calendar(CalendarUnit Unit) : LimitPeriod;

    /// <summary>Once and for ever.</summary>
    public sealed record Ever : LimitPeriod;
}

/// <summary>Calendar units of limits.</summary>
public enum CalendarUnit
{
    /// <summary>From minute 0.</summary>
    Hour,

    /// <summary>From midnight.</summary>
    Day,

    /// <summary>From Monday's midnight.</summary>
    Week,

    /// <summary>From the first's midnight.</summary>
    Month,
}
