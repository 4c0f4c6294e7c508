using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The values of a rule's <c>let</c> in a run: evaluated anew with each check of <c>when</c>, and kept once its steps begin, so that the
/// steps see what the last check saw, whatever happens in between.
/// </summary>
public static class FrozenLets
{
    /// <summary>The kind and path of the record that keeps them.</summary>
    public const string Kind = "let";

    /// <summary>Whether a run still has to keep them before its first step.</summary>
    public static bool AreMissing(RunWork work) => work.Rule.Lets.Count > 0 && !work.Run.Steps.ContainsKey(Kind);

    /// <summary>All values, or the first look-up that one of them needs. What has no value is left out: who uses it is told why.</summary>
    public static Value Evaluate(RunWork work, Scope scope)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var name in work.Rule.Lets.Keys)
        {
            var value = scope[name];
            if (value.Kind == ValueKind.Needs)
            {
                return value;
            }

            if (value.IsKnown)
            {
                values[name] = value;
            }
        }

        return Value.Of(new ValueMap(values));
    }

    /// <summary>Gives a scope the values that a run kept, and computes those that it did not.</summary>
    public static void Recall(Run run, Rules.Rule rule, Scope scope)
    {
        scope.Lets = rule.Lets;
        if (run.Steps.GetValueOrDefault(Kind)?.Answer is { } kept)
        {
            Recall(StoredValue.Read(kept), scope);
        }
    }

    /// <summary>Gives a scope these values.</summary>
    public static void Recall(Value values, Scope scope)
    {
        foreach (var (name, value) in values.Map!.Entries)
        {
            scope[name] = value;
        }
    }
}
