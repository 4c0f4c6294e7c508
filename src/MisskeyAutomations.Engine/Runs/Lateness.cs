using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Whether an event is too old to be acted on.</summary>
public static class Lateness
{
    /// <summary>Waiting that the rule asked for does not count.</summary>
    public static bool IsLate(Rule rule, DateTimeOffset eventAt, TimeSpan waited, DateTimeOffset now) => now - eventAt - waited > rule.Late;

    /// <summary>Whether it matters to a run: only what has had no effect yet is dropped. A conversation is not broken off in the middle.</summary>
    public static bool Counts(Run run) => !run.HadEffect && run.Branch != OnError.Branch;

    /// <summary>From when on it is too old. The store keeps milliseconds.</summary>
    public static DateTimeOffset From(Rule rule, DateTimeOffset eventAt, TimeSpan waited) => eventAt + waited + rule.Late + TimeSpan.FromMilliseconds(1);

    /// <summary>A sentence for verdicts.</summary>
    public static string Because(Rule rule, DateTimeOffset eventAt, TimeSpan waited, DateTimeOffset now) =>
        $"the event is {Durations.Format(now - eventAt - waited)} old, `late` is {Durations.Format(rule.Late)}";
}
