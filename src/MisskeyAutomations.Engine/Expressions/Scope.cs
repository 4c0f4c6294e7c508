using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Everything that an expression can see while it is evaluated: the event's variables, named values, answered look-ups, the clock
/// and the dice. One scope belongs to one evaluation thread at a time.
/// </summary>
public sealed class Scope
{
    private readonly Dictionary<string, Value> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<Lookup, Value> _answers = [];
    private readonly Dictionary<string, (Lookup Lookup, ValueMarks Marks)> _stale = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _lets = new(StringComparer.Ordinal);
    private readonly FoldMemo _folds = new();

    /// <summary>The server's origin without a trailing slash: what computed addresses begin with.</summary>
    public string Server { get; init; } = "";

    /// <summary>The time of this evaluation; conditions of one check all see the same.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The zone in which hours, days and weekdays are counted: <see cref="RuleZone"/> where there is one.</summary>
    public TimeZoneInfo TimeZone { get => RuleZone ?? field; init; } = TimeZoneInfo.Utc;

    /// <summary>The zone that the rule at work names for itself; null where it names none.</summary>
    public TimeZoneInfo? RuleZone { get; set; }

    /// <summary>What <c>random</c>, <c>chance</c> and <c>choose</c> derive their values from, together with their place: the same seed throws the same dice.</summary>
    public ulong Seed { get; set; }

    /// <summary>What all dice show, from 0 up to but not including 1: for tests of rules; null where they fall by <see cref="Seed"/>.</summary>
    public double? Die { get; init; }

    /// <summary>The lists of the rule set by name.</summary>
    public IReadOnlyDictionary<string, Value> Lists { get; init; } = new Dictionary<string, Value>(StringComparer.Ordinal);

    /// <summary>The answered look-ups: an answer is an object, or null when it was refused for good.</summary>
    public IReadOnlyDictionary<Lookup, Value> Answers => _answers;

    /// <summary>A variable by its exact name; null when it is not set, needs when it must be read again first.</summary>
    public Value this[string name]
    {
        get => _stale.Count > 0 && _stale.TryGetValue(name, out var stale) ? ReadAgain(stale.Lookup, stale.Marks)
            : _variables.TryGetValue(name, out var value) ? value
            : Lets.TryGetValue(name, out var expression) ? Evaluate(name, expression) : Value.Null;
        set => _variables[name] = value;
    }

    /// <summary>Named expressions: each is evaluated at its first use, and once. Setting them forgets the values of those before.</summary>
    public IReadOnlyDictionary<string, CompiledExpression> Lets
    {
        get;
        set
        {
            field = value;
            _lets.Clear();
        }
    } = new Dictionary<string, CompiledExpression>(StringComparer.Ordinal);

    /// <summary>Takes the answer to a look-up.</summary>
    public void Answer(Lookup lookup, Value answer) => _answers[lookup] = answer;

    /// <summary>Forgets the answers to look-ups of a kind: they are asked anew.</summary>
    public void Forget(LookupKind kind)
    {
        foreach (var lookup in _answers.Keys.Where(lookup => lookup.Kind == kind).ToList())
        {
            _answers.Remove(lookup);
        }
    }

    /// <summary>From now on the variable is the answer to this look-up: what was true before a wait need not be true after it.</summary>
    public void ReadAgain(string name, Lookup lookup, ValueMarks marks) => _stale[name] = (lookup, marks);

    /// <summary>
    /// The question that must be answered before what a variable stands for is known to be there still; null when it is known, or nothing
    /// has made that doubtful. Of a person who was not looked at, only whether they exist is asked.
    /// </summary>
    public Lookup? Doubt(string name)
    {
        if (!_stale.TryGetValue(name, out var stale) || _answers.ContainsKey(stale.Lookup))
        {
            return null;
        }

        var lookup = stale.Lookup.Kind == LookupKind.UserShow ? stale.Lookup with { Kind = LookupKind.UserExistence } : stale.Lookup;
        return _answers.ContainsKey(lookup) ? null : lookup;
    }

    /// <summary>Whether the answer to this look-up is what a variable stands for since a wait.</summary>
    public bool IsReadAgain(Lookup lookup) => _stale.Values.Any(stale => stale.Lookup == lookup);

    // Wherever it is used first, it sees no entry of a list that is looked at there.
    private Value Evaluate(string name, CompiledExpression expression)
    {
        if (_lets.TryGetValue(name, out var known))
        {
            return known;
        }

        var (it, round) = (It, Round);
        (It, Round) = (Value.Null, 0);
        var value = expression.Evaluate(this);
        (It, Round) = (it, round);
        if (value.Kind != ValueKind.Needs)
        {
            _lets[name] = value;
        }

        return value;
    }

    private Value ReadAgain(Lookup lookup, ValueMarks marks) =>
        _answers.TryGetValue(lookup, out var answer) ? answer.With(marks) : Value.Needs(lookup);

    /// <summary>The entry that a condition on a list's entries looks at.</summary>
    internal Value It { get; set; }

    /// <summary>The position of <see cref="It"/>, so that every entry has dice of its own.</summary>
    internal int Round { get; set; }

    /// <summary>The searches through lists that are under way, one within the other; null while none is.</summary>
    internal Searching? Searching { get; set; }

    /// <summary>A text as comparisons see it; folded once per event, because many rules look at the same text.</summary>
    internal string Fold(string text) => _folds.Fold(text);
}
