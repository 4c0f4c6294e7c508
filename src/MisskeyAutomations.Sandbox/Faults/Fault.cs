namespace MisskeyAutomations.Sandbox.Faults;

/// <summary>Something that goes wrong with a call of the API. Created by its static methods.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>Answers an error of Misskey's shape without executing the call.</summary>
    public static Fault RefuseWith(int status, string code) => new Refused(status, code);

    /// <summary>Executes the call, then answers 500 INTERNAL_ERROR: the effect is there, the caller cannot know.</summary>
    public static Fault ExecuteThen500 { get; } = new FailedAfter();

    /// <summary>Executes the call, then cuts the connection without an answer.</summary>
    public static Fault ExecuteThenReset { get; } = new ResetAfter();

    /// <summary>Cuts the connection without executing.</summary>
    public static Fault ResetBefore { get; } = new Reset();

    /// <summary>Cuts the connection, and executes the call later, by the sandbox's clock: it was parked in a proxy.</summary>
    public static Fault ResetThenExecute(TimeSpan later) => new Parked(later);

    /// <summary>Cuts the connection while the server is at work on the call, which takes so long by the sandbox's clock before its effect is there.</summary>
    public static Fault ResetWhileAtWork(TimeSpan time) => new AtWork(time);

    /// <summary>Waits, by the sandbox's clock, before the call is executed.</summary>
    public static Fault Delay(TimeSpan time) => new Delayed(time);

    /// <summary>Executes the call, then waits, by the sandbox's clock, before it answers: what the call leads to outruns its answer.</summary>
    public static Fault ExecuteThenDelay(TimeSpan time) => new DelayedAfter(time);

    /// <summary>Takes the request and never answers it; nothing is executed.</summary>
    public static Fault BlackHole { get; } = new Swallowed();

    /// <summary>Answers 502 with an HTML page, as a reverse proxy does whose Misskey is down.</summary>
    public static Fault Html502 { get; } = new BadGateway();

    /// <summary>Answers 429 RATE_LIMIT_EXCEEDED with this Retry-After, without executing.</summary>
    public static Fault RateLimit(TimeSpan retryAfter) => new Limited(retryAfter);

    internal sealed record Refused(int Status, string Code) : Fault;

    internal sealed record FailedAfter : Fault;

    internal sealed record ResetAfter : Fault;

    internal sealed record Reset : Fault;

    internal sealed record Parked(TimeSpan Time) : Fault;

    internal sealed record AtWork(TimeSpan Time) : Fault;

    internal sealed record Delayed(TimeSpan Time) : Fault;

    internal sealed record DelayedAfter(TimeSpan Time) : Fault;

    internal sealed record Swallowed : Fault;

    internal sealed record BadGateway : Fault;

    internal sealed record Limited(TimeSpan RetryAfter) : Fault;
}
