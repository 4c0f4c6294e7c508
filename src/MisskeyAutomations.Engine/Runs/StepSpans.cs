using System.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>The spans of steps, for whoever collects traces. They tell which step it was and how it ended, and nothing of what it sent.</summary>
public static class StepSpans
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "MisskeyAutomations.Engine";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Begin(StepNode.Call call)
    {
        var span = Source.StartActivity($"step {call.Action.Name}");
        span?.SetTag("misskey_automations.path", call.Path);
        return span;
    }

    // Without a step it was put off: nothing of it is recorded yet.
    internal static void End(Activity? span, Step? step)
    {
        if (span is not null)
        {
            span.SetTag("misskey_automations.result", step is null ? "put_off" : step.State.ToString().ToLowerInvariant());
            span.SetStatus(step?.State is StepState.Failed or StepState.Uncertain ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }
}
