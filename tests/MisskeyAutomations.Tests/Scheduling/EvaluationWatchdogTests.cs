using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.Scheduling;

public sealed class EvaluationWatchdogTests : IDisposable
{
    private readonly Box _box = new();
    private readonly List<string> _ends = [];
    private readonly EvaluationWatchdog _watchdog;

    public EvaluationWatchdogTests() =>
        _watchdog = new(_box, NullLogger<EvaluationWatchdog>.Instance, TimeProvider.System) { End = _ends.Add };

    public void Dispose() => _watchdog.Dispose();

    [Fact]
    public void An_evaluation_without_an_end_ends_the_process_and_says_of_what()
    {
        Look(EvaluationWatchdog.MostLooks - 1);
        Assert.Empty(_ends);
        Look(1);

        Assert.Contains("Run 42 did not end within 60 s", Assert.Single(_ends), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_short_evaluations_of_the_same_run_are_no_endless_one()
    {
        for (var evaluation = 0; evaluation < 10; evaluation++)
        {
            _box.Number++;
            Look(EvaluationWatchdog.MostLooks - 1);
        }

        Assert.Empty(_ends);
    }

    private void Look(int times)
    {
        for (var look = 0; look < times; look++)
        {
            _watchdog.Look();
        }
    }

    private sealed class Box : IBlackBox
    {
        public long Number { get; set; } = 1;

        public IReadOnlyList<EvaluationMark> Marks => [new(Number, Evaluated.Run(42))];

        public IDisposable Enter(Evaluated what) => throw new NotSupportedException();

        public bool IsPoison(Evaluated what) => false;

        public void Forgive(Evaluated what)
        {
        }
    }
}
