namespace MisskeyAutomations.Storage;

/// <summary>
/// Notices when the machine's clock is put forward or back: when it moves otherwise than the time since the machine was started. Sleep is time
/// that passes, and no step. Not safe for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="uptime">How long the machine has been up, its sleep included; null where nobody knows, and then no step is noticed.</param>
/// <param name="logger">Told of each step.</param>
internal sealed partial class ClockSteps(TimeProvider time, Func<TimeSpan?> uptime, ILogger<ClockSteps> logger)
{
    /// <summary>What is less is no step, but the drift of a clock or the imprecision of looking.</summary>
    public static readonly TimeSpan Smallest = TimeSpan.FromSeconds(5);

    // A step of so much is no zone or summer time set wrong by hand, but a clock that may be wrong; it is doubted for so long.
    private static readonly TimeSpan Doubtful = TimeSpan.FromHours(2);
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    private TimeSpan? _doubtedAt;
    private DateTimeOffset? _start;
    private TimeSpan _untaken;

    /// <summary>Whether it has not been put forward or back by much for a day. Until then nothing is dropped by it that does not come back.</summary>
    public bool IsSettled => _doubtedAt is not { } at || uptime() is not { } up || up - at > Doubt;

    /// <summary>By how much the clock was put forward (or back: negative) and nobody has done anything about it; zero for not at all.</summary>
    public TimeSpan Look()
    {
        if (uptime() is { } up)
        {
            var start = time.GetUtcNow() - up;
            if (_start is { } before && (start - before).Duration() > Smallest)
            {
                _untaken += start - before;
                _doubtedAt = (start - before).Duration() > Doubtful ? up : _doubtedAt;
                LogStep(start - before);
            }

            // A slow drift is followed, so that it never adds up to a step.
            _start = start;
        }

        return _untaken;
    }

    /// <summary>What was to be done about the step is done.</summary>
    public void Take() => _untaken = TimeSpan.Zero;

    [LoggerMessage(EventId = 2170, Level = LogLevel.Warning, Message = "The machine's clock was put forward by {Step} (back where negative): waits, budgets and limits move along, "
        + "and what goes by the time of day goes by the new time. If that is wrong, set the clock (`timedatectl`)")]
    private partial void LogStep(TimeSpan step);
}
