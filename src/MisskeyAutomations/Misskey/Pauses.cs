using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Misskey;

/// <summary>How long the loops of this folder wait before they ask again what could not be answered.</summary>
internal static class Pauses
{
    /// <summary>Asks again and again until cancelled: after a while when all is known, otherwise after the pause that it was told.</summary>
    /// <param name="ask">Asks once, with the number of attempts before it; null when all is known, otherwise how long to wait.</param>
    /// <param name="between">How long an answer is good for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RepeatAsync(Func<int, Task<TimeSpan?>> ask, TimeSpan between, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var pause = await ask(attempt);
            attempt = pause is null ? -1 : attempt;
            await Task.Delay(pause ?? between, time, cancellationToken);
        }
    }

    /// <summary>
    /// What the server asked for; ten minutes for what only a person can mend; otherwise 5 s, doubled by each attempt, to 5 min.
    /// </summary>
    public static TimeSpan After(ActionOutcome outcome, int attempt) => outcome switch
    {
        ActionOutcome.RateLimited limited => limited.RetryAfter,
        ActionOutcome.AccountRefused or ActionOutcome.Rejected => TimeSpan.FromMinutes(10),
        _ => TimeSpan.FromSeconds(Math.Min(300, 5 * Math.Pow(2, Math.Min(attempt, 10)))),
    };
}
