namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>When Misskey tries a failed delivery again: four tries in all, 1, 3 and 7 minutes apart, each up to 20 % later.</summary>
internal static class RetrySchedule
{
    public const int MaximumAttempts = 4;

    /// <summary>Whether an answer is worth another try: 5xx, 429, redirects and no answer at all (1), but no other 4xx.</summary>
    public static bool IsRetried(int status) => status is not (>= 200 and < 300) and (429 or not (>= 400 and < 500));

    /// <param name="attempt">The try that has just failed, counted from 1.</param>
    /// <param name="jitter">0 to 1.</param>
    public static TimeSpan DelayAfter(int attempt, double jitter) =>
        TimeSpan.FromMinutes(((1 << attempt) - 1) * (1 + (0.2 * jitter)));
}
