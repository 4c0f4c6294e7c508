using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>What a call takes from the budgets of its account and from the caps on answers.</summary>
internal sealed class CallBudget(RuleVersions versions, LiveFeed feed)
{
    /// <summary>The tokens that a call takes.</summary>
    public List<BudgetClaim> ClaimsOf(RunWork work, Intent intent)
    {
        var defaults = versions.Current.Defaults;
        var claims = new List<BudgetClaim>();
        // Who answered a question of the run's is in a conversation with it, which ends when its steps do.
        if (intent.AnswersUser is { } user && !work.Heard.Any())
        {
            var breaker = AnswersMe(work.Event) ? user : null;
            claims.Add(new($"replies:user:{user}", defaults.RepliesPerUser.Max, defaults.RepliesPerUser.Within, SkipWhenEmpty: true) { Breaker = breaker });
            if (intent.Thread is { } thread)
            {
                claims.Add(new($"replies:thread:{user}:{thread}", defaults.RepliesPerThread.Max, defaults.RepliesPerThread.Within, SkipWhenEmpty: true) { Breaker = breaker });
            }
        }

        if (intent.Budget is { } bucket && defaults.Budgets.TryGetValue(bucket, out var budget))
        {
            claims.Add(new(bucket, budget.Max, budget.Within, SkipWhenEmpty: false)
            {
                UselessAt = Lateness.Counts(work.Run) ? Lateness.From(work.Rule, work.Run.EventAt, work.Run.Waited) : null,
            });
        }

        return claims;
    }

    /// <summary>Why a cap keeps a call back. Told once: whoever goes on, or is a machine like this one, would fill the log otherwise.</summary>
    public string TellCapped(RunWork work, BudgetClaim cap, BudgetAnswer answer)
    {
        var within = Durations.Format(cap.Within);
        if (answer.OpenedBreaker && !work.Run.IsDryRun)
        {
            feed.TellLoop(work.Run.Account, $"{NameOf(work.Event)} was answered {cap.Max} times within {within}: it is left unanswered until it has been quiet for {within}");
        }

        return $"{cap.Max} answers within {within} are enough" + (cap.Breaker is null ? "" : ": the next is given when they have been quiet for as long");
    }

    // People may call as often as they like; who answers every answer may be a machine like this one.
    private static bool AnswersMe(Event happening) =>
        happening.MeId is { } me && (happening.Note?.FindObject("reply") ?? happening.Note?.FindObject("renote"))?.GetText("userId") == me;

    // It stands in a log: nothing but what a name can be made of.
    private static string NameOf(Event happening)
    {
        var name = happening.User is not { } user ? "" : user.GetText("host") is { } host ? $"{user.GetText("username")}@{host}" : user.GetText("username") ?? "";
        return "@" + string.Concat(name.Where(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or '@'));
    }
}
