using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions.Generated;

/// <summary>
/// 100,000 expressions, the same ones at each run. <c>MKA_SEED</c> makes other ones; it stands in the output and in every failure.
/// </summary>
[Collection(nameof(Alone))]
public sealed class GeneratedExpressionTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_124;
    private const int Count = 100_000;
    private const int Batch = 5_000;

    [Fact]
    public void Generated_expressions_survive_formatting_and_mean_the_same_to_every_culture_thread_and_reader()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MKA_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Seed;
        output.WriteLine($"seed {seed}");
        var (compiled, errors, agreed) = (0, 0, 0);

        for (var batch = 0; batch < Count / Batch; batch++)
        {
            var cases = Generate(seed, batch);
            AskInAllCultures(cases, seed, batch);
            compiled += cases.Count;
            errors += cases.Count(one => one.Value.StartsWith("error", StringComparison.Ordinal));
            agreed += cases.Count(one => one.IsKnownToReference);
        }

        output.WriteLine($"{compiled} of {Count} have fitting types, {errors} of them end in an error; {agreed} agree with the reference");
        Assert.True(compiled > Count / 2, $"Only {compiled} expressions had fitting types.");
        Assert.True(agreed > Count / 10, $"Only {agreed} expressions were asked twice.");
        Assert.InRange(errors, Count / 100, compiled / 2);
    }

    private sealed record Case(string Text, CompiledExpression Compiled, string Value, bool IsKnownToReference);

    private static List<Case> Generate(int seed, int batch)
    {
        var random = new Random(unchecked(seed + (batch * 7919)));
        var (generator, spelling) = (new ExpressionGenerator(random), new LooseSpelling(random));
        var cases = new List<Case>();
        for (var i = 0; i < Batch; i++)
        {
            var tree = generator.Any(random.Next(5));
            var told = Trees.Tell(tree);
            var loose = spelling.Write(tree);
            var formatted = ExpressionFormatter.Format(SourceSlice.Of(loose));
            var place = $"seed {seed}, batch {batch}: {loose}";
            Assert.True(formatted is not null, $"{place} is not well formed");
            Assert.True(Trees.Read(loose) is { } read && Trees.Tell(read) == told, $"{place} is read as {Trees.Tell(Trees.Read(loose)!)} instead of {told}");
            if (formatted == loose && loose.Length > 1_900)
            {
                continue;
            }

            Assert.True(Trees.Read(formatted) is { } again && Trees.Tell(again) == told, $"{place} became {formatted}\nread as {Trees.Tell(Trees.Read(formatted)!)}\ninstead of {told}");
            Assert.True(ExpressionFormatter.Format(SourceSlice.Of(formatted)) == formatted, $"{place} became {formatted} and then something else");

            if (Trees.Compile(formatted) is { } compiled)
            {
                cases.Add(Ask(tree, compiled, place));
            }
        }

        return cases;
    }

    private static Case Ask(Engine.Expressions.Syntax.Node tree, CompiledExpression compiled, string place)
    {
        var value = Value.Null;
        var took = ThreadClock.Time(() => value = Evaluate(compiled, SomeScope.Make()));
        Assert.True(took < TimeSpan.FromSeconds(2), $"{place} took {took}");
        Assert.True(value.Kind != ValueKind.Error || value.Reason.Length > 0, place);

        var isKnown = ReferenceEvaluator.Knows(tree);
        if (isKnown)
        {
            var reference = ReferenceEvaluator.Evaluate(tree);
            var told = value.Kind == ValueKind.Error ? "error" : value.ToString();
            Assert.True(told == reference, $"{place}\nis  {value}\nand {reference} to the reference");
        }

        return new(compiled.Source.Text, compiled, value.ToString(), isKnown);
    }

    // A regular expression has 100 ms by the clock, which a busy machine may spend elsewhere.
    private static Value Evaluate(CompiledExpression compiled, Scope scope)
    {
        var value = compiled.Evaluate(scope);
        for (var i = 0; i < 20 && value.Reason.Contains("100 ms", StringComparison.Ordinal); i++)
        {
            value = compiled.Evaluate(scope);
        }

        return value;
    }

    // Eight threads share the compiled expressions; each has another culture in each batch and compiles some of them itself.
    private static void AskInAllCultures(List<Case> cases, int seed, int batch)
    {
        var differing = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var threads = Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            var culture = SomeCultures.All[((batch * 8) + number) % SomeCultures.All.Length];
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            var scope = SomeScope.Make();
            for (var i = 0; i < cases.Count; i++)
            {
                var asked = i % 8 == number ? Trees.Compile(cases[i].Text) : cases[i].Compiled;
                var value = Evaluate(asked!, scope).ToString();
                if (value != cases[i].Value)
                {
                    differing.Enqueue($"seed {seed}, batch {batch}, {culture}: {cases[i].Text}\nis {value} instead of {cases[i].Value}");
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.True(differing.IsEmpty, differing.FirstOrDefault());
    }
}

/// <summary>What keeps all processors busy runs after the others, some of which look at the clock.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
