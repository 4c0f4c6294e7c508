namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// A whole file is run at once, and all that went otherwise than written is told at once. <c>MKA_CORPUS=write</c> puts verdicts in the place of <c>?</c>.
/// </summary>
internal static partial class Corpus
{
    /// <summary>Asks for the verdict on every case, and fails with all those that differ. What a judge throws is no verdict, whatever is written.</summary>
    /// <param name="name">The file.</param>
    /// <param name="atLeast">How many cases there must be: a corpus that lost its cases proves nothing.</param>
    /// <param name="judge">The verdict on an input.</param>
    /// <param name="atOnce">How many are asked for at a time.</param>
    public static async Task CheckAsync(string name, int atLeast, Func<string, Task<string>> judge, int atOnce = 1)
    {
        var cases = Read(name);
        var verdicts = new string[cases.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(cases.Index(), options, async (one, _) => verdicts[one.Index] = await VerdictAsync(judge, one.Item.Text));
        if (Environment.GetEnvironmentVariable("MKA_CORPUS") == "write")
        {
            WriteMissing(name, cases, verdicts);
        }

        var differences = cases.Zip(verdicts)
            .Where(pair => pair.First.Verdict != pair.Second)
            .Select(pair => $"{name}:{pair.First.Line}: {pair.First.Text}\n  expected {pair.First.Verdict}\n  but was  {pair.Second}").ToList();

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {cases.Count} cases, {cases.Count - differences.Count} as expected");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.True(cases.Count >= atLeast, $"{name} has {cases.Count} cases, fewer than {atLeast}");
    }

    private static async Task<string> VerdictAsync(Func<string, Task<string>> judge, string text)
    {
        try
        {
            return await judge(text);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return $"UNHANDLED {fault}";
        }
    }

    // A new case is written with ? as its verdict: the first run puts in what came, to be read and agreed to.
    private static void WriteMissing(string name, IReadOnlyList<CorpusCase> cases, string[] verdicts)
    {
        var lines = File.ReadAllLines(PathOf(name));
        foreach (var (one, verdict) in cases.Zip(verdicts).Where(pair => pair.First.Verdict == "?" && !pair.Second.StartsWith("UNHANDLED", StringComparison.Ordinal)))
        {
            lines[one.Line - 1] = verdict + lines[one.Line - 1][1..];
        }

        File.WriteAllLines(PathOf(name), lines);
    }
}
