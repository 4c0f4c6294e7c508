using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Scheduling;

/// <summary>
/// Ends the process when an evaluation does not come to an end: nothing else could get its thread back. Whatever starts the engine again
/// finds the mark in the black box; at the third time, the event or run is set aside.
/// </summary>
internal sealed partial class EvaluationWatchdog(IBlackBox blackBox, ILogger<EvaluationWatchdog> logger, TimeProvider time) : BackgroundService
{
    /// <summary>How often it looks. Looks are counted, not time: a process that was stopped for a while has done nothing wrong.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After so many looks at one evaluation in a row it will not end any more: the longest take a few seconds.</summary>
    public const int MostLooks = 60;

    private readonly Dictionary<long, int> _looks = [];

    /// <summary>Ends the process, with a sentence for people.</summary>
    internal Action<string> End { get; init; } = Environment.FailFast;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    /// <summary>Looks once.</summary>
    internal void Look()
    {
        var marks = blackBox.Marks;
        foreach (var ended in _looks.Keys.Except(marks.Select(mark => mark.Number)).ToList())
        {
            _looks.Remove(ended);
        }

        foreach (var mark in marks)
        {
            var looks = _looks[mark.Number] = _looks.GetValueOrDefault(mark.Number) + 1;
            if (looks >= MostLooks)
            {
                LogEndless(mark.What.Kind, mark.What.Id, MostLooks);
                End($"The evaluation of {mark.What.Kind} {mark.What.Id} did not end within {MostLooks} s. Start the engine again: what hangs three times is set aside (`quarantine list`).");
            }
        }
    }

    [LoggerMessage(340, LogLevel.Critical, "The evaluation of {Kind} {Id} did not end within {Seconds} s; the process ends, so that others need not wait for it")]
    private partial void LogEndless(EvaluatedKind kind, long id, int seconds);
}
