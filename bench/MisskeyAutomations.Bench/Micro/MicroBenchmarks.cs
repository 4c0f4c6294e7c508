using BenchmarkDotNet.Running;

namespace MisskeyAutomations.Bench.Micro;

/// <summary>Benchmarks of single pieces of the hot path.</summary>
internal static class MicroBenchmarks
{
    public static int Run(string[] options)
    {
        BenchmarkSwitcher.FromTypes([typeof(EnvelopeScanBenchmark), typeof(ExpressionBenchmark), typeof(MatchBenchmark)]).Run(options is [] ? ["--filter", "*"] : options);
        return 0;
    }
}
