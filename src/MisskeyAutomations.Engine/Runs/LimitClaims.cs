using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Turns a rule's limits into claims for one event.</summary>
public static class LimitClaims
{
    /// <summary>The claims, or the need or error of a limit's key.</summary>
    public static (IReadOnlyList<LimitClaim> Claims, Value? Trouble) Of(Rule rule, Event happening, Scope scope, DateTimeOffset now)
    {
        var claims = new List<LimitClaim>(rule.Limits.Count);
        foreach (var limit in rule.Limits)
        {
            var key = KeyOf(limit, happening, scope);
            if (!key.IsKnown)
            {
                return ([], key);
            }

            claims.Add(new(key.Text, limit.Max, Since(limit.Period, now, scope.TimeZone), limit.Text)
            {
                Over = limit.Over,
                Branch = limit.OverBranch,
                Period = limit.Period,
                Zone = scope.TimeZone,
            });
        }

        return (claims, null);
    }

    /// <summary>What the rule's <c>overlap</c> asks for an event; null where runs know nothing of each other.</summary>
    public static OverlapClaim? OverlapOf(Rule rule, Event happening) => rule.Overlap.Mode == OverlapMode.Parallel ? null
        : new(rule.Overlap.Mode, rule.Overlap.Per == LimitKey.Account ? "" : IndexKey.Of(KeyOf(rule.Overlap.Per, happening)), rule.Overlap.Text);

    // Two expressions never count together, whatever they give.
    private static Value KeyOf(Limit limit, Event happening, Scope scope)
    {
        if (limit.Per == LimitKey.Expression)
        {
            var value = limit.Key!.Evaluate(scope);
            return value.IsKnown ? Value.Of(IndexKey.Of($"({limit.Key!.Source.Text}):{value.ToText()}")) : value;
        }

        return Value.Of(IndexKey.Of(KeyOf(limit.Per, happening)));
    }

    private static string KeyOf(LimitKey per, Event happening) => per switch
    {
        LimitKey.User => $"user:{happening.ActorId}",
        LimitKey.Host => $"host:{(happening.User ?? happening.Note?.FindObject("user"))?.GetText("host")}",
        LimitKey.Note => $"note:{happening.Note?.GetText("id")}",
        LimitKey.Thread => $"thread:{happening.Thread}",
        _ => "account",
    };

    private static DateTimeOffset Since(LimitPeriod period, DateTimeOffset now, TimeZoneInfo zone) => period switch
    {
        LimitPeriod.Sliding sliding => now - sliding.Length,
        LimitPeriod.Calendar calendar => Periods.StartOf(calendar.Unit, now, zone),
        _ => DateTimeOffset.UnixEpoch,
    };
}
