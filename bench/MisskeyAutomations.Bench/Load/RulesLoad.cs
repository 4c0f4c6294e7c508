using System.Globalization;
using System.Text;
using MisskeyAutomations.Bench.Micro;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What many rules cost: <c>validate</c> as a command, a reload, an event for rules of its own type and of others. The best of several
/// rounds is told beside the median, and the processor's time beside the clock's: what a busy machine did meanwhile is in neither the best
/// nor the processor's time.
/// </summary>
internal static class RulesLoad
{
    private const int Rounds = 7;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        try
        {
            var (thousand, two, one) = (Files(folder, "thousand", 1_000), Files(folder, "two-hundred", 200), Files(folder, "one", 1));
            var start = await Costs.MeasureAsync(() => ValidateAsync(one), 5);
            var validate = await Costs.MeasureAsync(() => ValidateAsync(thousand), 5);
            Costs.Tell("validate 1 file, the whole command", start, "");
            Costs.Tell("validate 1,000 files, the whole command", validate, $"{start.Processor / validate.Processor:P0} of it is start-up; to reach: 2,000 ms");

            var reloaded = new RuleFolder(two, ActionTable.Descriptors);
            var first = Costs.Time(() => reloaded.Read());
            var reload = await Costs.MeasureAsync(() => Task.FromResult(Costs.Time(() => reloaded.Read())), Rounds);
            Costs.Tell("reload of 200 files", reload, $"the first reading {first.Clock:F0} ms, processor {first.Processor:F0} ms; to reach: 500 ms");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await DecideAsync();
        return 0;
    }

    private static async Task DecideAsync()
    {
        var all = SomeRules.OnMention(10_000);

        // An engine that runs for weeks is compiled for what it does.
        await DecideAsync(all, 2_000);
        var match = await DecideAsync(all, 1_000);
        Costs.Tell("one event against 10,000 rules of its type", match, "to reach: 1.5 ms");
        var kept = await RecordAsync(all, 200);
        Costs.Tell("keeping the reason of each of the 10,000", kept.Cost, $"{kept.Bytes:N0} bytes; the store's work, not in the above");

        var few = SomeRules.OnMention(10);
        var many = SomeRules.OnMention(10, besides: 10_000);
        var (alone, beside) = (new List<double>(), new List<double>());
        for (var round = 0; round < 15; round++)
        {
            alone.Add((await DecideAsync(few, 2_000)).Best);
            beside.Add((await DecideAsync(many, 2_000)).Best);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"10 rules of its type, alone {1000 * alone.Min():F2} µs, beside 10,000 on other triggers {1000 * beside.Min():F2} µs: {beside.Min() / alone.Min():F3} times; to reach: 1.1"));
    }

    private static Task<Measure> DecideAsync(RuleSet rules, int times) => Costs.MeasureAsync(() =>
    {
        var happening = SomeRules.Mention();
        return Task.FromResult(Costs.Time(() => RunPlanner.Plan(happening, rules, new PlanningFacts { Now = happening.CreatedAt, DeliveryId = 1 })));
    }, times);

    private static async Task<(Measure Cost, int Bytes)> RecordAsync(RuleSet rules, int times)
    {
        var happening = SomeRules.Mention();
        var verdicts = RunPlanner.Plan(happening, rules, new PlanningFacts { Now = happening.CreatedAt, DeliveryId = 1 }).Verdicts;
        var bytes = 0;
        var cost = await Costs.MeasureAsync(() => Task.FromResult(Costs.Time(() => bytes = VerdictBlob.Write(verdicts)!.Length)), times);
        return (cost, bytes);
    }

    private static Task<Cost> ValidateAsync(string folder) => Costs.OfCommandAsync("validate", folder);

    private static string Files(string parent, string name, int count)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $$"""
                rules:
                  - name: welcome-{{i}}
                    on: followed
                    when: has(user.description) and not contains(user.description, 'spam{{i}}')
                    after: 1m..5m
                    limit: 1 per user per 7d
                    do:
                      - follow: user
                  - name: answer-{{i}}
                    on: [mention, reply]
                    when:
                      - matches(note.said, /^(hi|hello{{i}})\b/i)
                      - age(user.createdAt) > 7d
                    do:
                      - reply: |
                          Hello, ${user.name}! You said: ${note.said}
                      - react: star

                """);
            File.WriteAllText(Path.Combine(folder, $"{i}.yaml"), text.ToString());
        }

        return folder;
    }
}
