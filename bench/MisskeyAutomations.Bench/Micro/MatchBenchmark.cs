using BenchmarkDotNet.Attributes;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Bench.Micro;

/// <summary>One event decided for all rules on its type; the event's fields are read anew each time, as in earnest.</summary>
[MemoryDiagnoser]
public class MatchBenchmark
{
    private RuleSet _rules = RuleSet.Empty;

    /// <summary>Rules on the event's type.</summary>
    [Params(1, 100, 1_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup() => _rules = SomeRules.OnMention(Rules);

    [Benchmark]
    public int Decide()
    {
        var happening = SomeRules.Mention();
        return RunPlanner.Plan(happening, _rules, new PlanningFacts { Now = happening.CreatedAt, DeliveryId = 1 }).Verdicts.Count;
    }
}
