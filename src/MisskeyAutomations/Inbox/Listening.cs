using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Inbox;

/// <summary>Finds the run that an event is said to: a reply to a note of a run which has a <c>wait-for</c> ahead.</summary>
internal sealed class Listening(IInbox inbox, IRunStore runs, RuleVersions rules)
{
    /// <summary>The run that hears the event; null when it is an event like any other.</summary>
    public async Task<Run?> FindAsync(Event happening, PlanningFacts facts, CancellationToken cancellationToken)
    {
        if (!Hearing.IsPossible(happening) || Hearing.ParentOf(happening) is not { } parent)
        {
            return null;
        }

        foreach (var run in await inbox.FindAnsweredAsync(happening.Account, parent, cancellationToken))
        {
            if (!rules.IsWithdrawn(run.RuleName)
                && await rules.FindAsync(run.RuleName, run.RuleHash, cancellationToken) is { } version
                && await runs.LoadEventAsync(run.DeliveryId, cancellationToken) is { } its
                && Hearing.Hears(version.Rule, run, its.Read(), happening, facts))
            {
                return run;
            }
        }

        return null;
    }
}
