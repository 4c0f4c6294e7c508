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

            claims.Add(new(key.Text, limit.Max, Since(limit.Period, now, scope.TimeZone), limit.Text));
        }

        return (claims, null);
    }

    private static Value KeyOf(Limit limit, Event happening, Scope scope)
    {
        if (limit.Per == LimitKey.Expression)
        {
            var value = limit.Key!.Evaluate(scope);
            return value.IsKnown ? Value.Of($"({limit.Key!.Source.Text}):{value.ToText()}") : value;
        }

        return Value.Of(limit.Per switch
        {
            LimitKey.User => $"user:{happening.ActorId}",
            LimitKey.Host => $"host:{(happening.User ?? happening.Note?.FindObject("user"))?.GetText("host")}",
            LimitKey.Note => $"note:{happening.Note?.GetText("id")}",
            LimitKey.Thread => $"thread:{happening.Thread}",
            _ => "account",
        });
    }

    private static DateTimeOffset Since(LimitPeriod period, DateTimeOffset now, TimeZoneInfo zone) => period switch
    {
        LimitPeriod.Sliding sliding => now - sliding.Length,
        LimitPeriod.Calendar calendar => StartOf(calendar.Unit, now, zone),
        _ => DateTimeOffset.UnixEpoch,
    };

    private static DateTimeOffset StartOf(CalendarUnit unit, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var start = unit switch
        {
            CalendarUnit.Hour => local.Date.AddHours(local.Hour),
            CalendarUnit.Day => local.Date,
            CalendarUnit.Week => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            _ => new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
        };
        return new DateTimeOffset(start, zone.GetUtcOffset(start)).ToUniversalTime();
    }
}
