using System.Collections.Frozen;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>All rules of a folder, loaded together and swapped as a whole.</summary>
public sealed class RuleSet
{
    private readonly FrozenDictionary<string, (int Order, Rule Rule)[]> _byTrigger;
    private readonly FrozenDictionary<string, Rule> _byName;

    /// <summary>A set of checked rules in file order.</summary>
    public RuleSet(IReadOnlyList<Rule> rules, IReadOnlyDictionary<string, Value> lists, Defaults defaults)
    {
        Rules = rules;
        Lists = lists;
        Defaults = defaults;
        _byName = rules.ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);
        _byTrigger = rules
            .SelectMany((rule, order) => rule.Triggers.Distinct(StringComparer.Ordinal).Where(trigger => !IsOfClock(rule, trigger)).Select(trigger => (trigger, order, rule)))
            .GroupBy(entry => entry.trigger, entry => (entry.order, entry.rule), StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>A set without rules.</summary>
    public static readonly RuleSet Empty = new([], new Dictionary<string, Value>(StringComparer.Ordinal), new Defaults());

    /// <summary>The rules in file order.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The lists by name.</summary>
    public IReadOnlyDictionary<string, Value> Lists { get; }

    /// <summary>What <c>defaults:</c> says.</summary>
    public Defaults Defaults { get; }

    /// <summary>The rule of this name; null when there is none.</summary>
    public Rule? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The rules that an event could start, in file order, each once: what the clock brings is for one rule alone.</summary>
    public IEnumerable<Rule> Candidates(Event happening) => happening.ForRule is not { } name ? Candidates(happening.Account, happening.Types)
        : Find(name) is { Crons.Count: > 0 } rule && rule.Serves(happening.Account) ? [rule] : [];

    /// <summary>
    /// The rules for an account that one of the event types starts, in file order, each once. Costs nothing for rules on other types.
    /// </summary>
    public IEnumerable<Rule> Candidates(string account, IReadOnlyList<string> types)
    {
        IEnumerable<(int Order, Rule Rule)> found = types.Count == 1 ? OnTrigger(types[0])
            : types.SelectMany(OnTrigger).DistinctBy(entry => entry.Order).OrderBy(entry => entry.Order);
        return found.Where(entry => entry.Rule.Serves(account)).Select(entry => entry.Rule);
    }

    /// <summary>How many candidates an event has at most.</summary>
    public int CountCandidates(Event happening) =>
        happening.ForRule is not null ? 1 : Math.Min(Rules.Count, happening.Types.Sum(type => OnTrigger(type).Length));

    private (int Order, Rule Rule)[] OnTrigger(string type) => _byTrigger.GetValueOrDefault(type, []);

    // The clock rings for a rule by name, and no webhook may ring in its place.
    private static bool IsOfClock(Rule rule, string trigger) => rule.Crons.Count > 0 && trigger == EventTypes.Cron.Name;
}

/// <summary>What <c>defaults:</c> says for the whole set.</summary>
public sealed record Defaults
{
    /// <summary>The zone of hours, days and calendar limits; UTC unless told otherwise.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The visibility of notes that answer nothing.</summary>
    public string Visibility { get; init; } = "public";

    /// <summary>How many calls of each kind an account may make, by budget name: <c>notes follows reactions …</c>.</summary>
    public IReadOnlyDictionary<string, Budget> Budgets { get; init; } = Budget.Standard;

    /// <summary>How many answers one person gets over all rules.</summary>
    public Budget RepliesPerUser { get; init; } = new(5, TimeSpan.FromMinutes(10));

    /// <summary>How many answers one person gets in one thread over all rules.</summary>
    public Budget RepliesPerThread { get; init; } = new(3, TimeSpan.FromMinutes(10));

    /// <summary>Whether the accounts' budgets are the same.</summary>
    public bool HasBudgetsOf(Defaults other) =>
        Budgets.Count == other.Budgets.Count && Budgets.All(budget => other.Budgets.GetValueOrDefault(budget.Key) == budget.Value);
}

/// <summary>So many within so long, sliding.</summary>
/// <param name="Max">How many.</param>
/// <param name="Within">Within how long.</param>
public sealed record Budget(int Max, TimeSpan Within)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Well below the limits of Misskey itself (notes 300/h, follows 100/h, the others 20 to 30/h).</summary>
    public static readonly IReadOnlyDictionary<string, Budget> Standard = new Dictionary<string, Budget>(StringComparer.Ordinal)
    {
        ["notes"] = new(60, Hour),
        ["follows"] = new(20, Hour),
        ["reactions"] = new(60, Hour),
        ["favorites"] = new(10, Hour),
        ["clips"] = new(10, Hour),
        ["mutes"] = new(10, Hour),
        ["blocks"] = new(10, Hour),
        ["lists"] = new(10, Hour),
        ["deletes"] = new(60, Hour),
        ["notifications"] = new(60, Hour),
        ["reports"] = new(5, Hour),
    };
}

/// <summary>What reading a folder of rules gave: a set when there were no errors, and all findings.</summary>
/// <param name="RuleSet">The set; null when there was an error.</param>
/// <param name="Diagnostics">All findings, by file and place.</param>
public sealed record RuleReading(RuleSet? RuleSet, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The entries of all <c>tests:</c> in file order, not yet interpreted.</summary>
    public IReadOnlyList<SourceNode.Mapping> Tests { get; init; } = [];

    /// <summary>Reads the file that a rule file names, from the path of the rule file and the path written there; null where none can be read.</summary>
    internal Func<string, string, string?>? ReadFile { get; init; }
}
