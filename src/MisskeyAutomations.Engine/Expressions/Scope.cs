using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Everything that an expression can see while it is evaluated: the event's variables, named values, answered look-ups, the clock
/// and the dice. One scope belongs to one evaluation thread at a time.
/// </summary>
public sealed class Scope
{
    private readonly Dictionary<string, Value> _variables;
    private readonly Dictionary<Lookup, Value> _answers;

    /// <summary>A scope of its own.</summary>
    public Scope()
    {
        _variables = new(StringComparer.Ordinal);
        _answers = [];
    }

    private Scope(Dictionary<string, Value> variables, Dictionary<Lookup, Value> answers)
    {
        _variables = variables;
        _answers = answers;
    }

    /// <summary>The server's origin without a trailing slash: what computed addresses begin with.</summary>
    public string Server { get; init; } = "";

    /// <summary>The time of this evaluation; conditions of one check all see the same.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The zone in which hours, days and weekdays are counted.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What <c>random</c>, <c>chance</c> and <c>choose</c> derive their values from, together with their place: the same seed throws the same dice.</summary>
    public ulong Seed { get; init; }

    /// <summary>The lists of the rule set by name.</summary>
    public IReadOnlyDictionary<string, Value> Lists { get; init; } = new Dictionary<string, Value>(StringComparer.Ordinal);

    /// <summary>The answered look-ups: an answer is an object, or null when it was refused for good.</summary>
    public IReadOnlyDictionary<Lookup, Value> Answers => _answers;

    /// <summary>A variable by its exact name; null when it is not set.</summary>
    public Value this[string name]
    {
        get => _variables.TryGetValue(name, out var value) ? value : Value.Null;
        set => _variables[name] = value;
    }

    /// <summary>Takes the answer to a look-up.</summary>
    public void Answer(Lookup lookup, Value answer) => _answers[lookup] = answer;

    /// <summary>
    /// A scope for one rule: it shares the event's variables by copy and the answered look-ups by reference, so that what one rule
    /// looked up the next one need not.
    /// </summary>
    public Scope For(ulong seed) => new(new(_variables, StringComparer.Ordinal), _answers)
    {
        Server = Server,
        Now = Now,
        TimeZone = TimeZone,
        Seed = seed,
        Lists = Lists,
    };
}
