using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>Durations and limits as people say them.</summary>
internal static class Wordings
{
    /// <summary>A line of the tables of triggers and steps, which translations have under its English text.</summary>
    public static Phrase Row(string line) => line;

    /// <summary>Such as <c>1 hour 30 minutes</c>.</summary>
    public static Phrase Length(TimeSpan length)
    {
        Phrase[] parts =
        [
            .. Unit(length.Days, count => count == 1 ? Phrase.Of($"{count} day") : Phrase.Of($"{count} days")),
            .. Unit(length.Hours, count => count == 1 ? Phrase.Of($"{count} hour") : Phrase.Of($"{count} hours")),
            .. Unit(length.Minutes, count => count == 1 ? Phrase.Of($"{count} minute") : Phrase.Of($"{count} minutes")),
            .. Unit(length.Seconds, count => count == 1 ? Phrase.Of($"{count} second") : Phrase.Of($"{count} seconds")),
        ];
        return parts.Length == 0 ? Phrase.Of($"{0} seconds") : parts.Aggregate((before, next) => $"{before} {next}");
    }

    /// <summary>Such as <c>1 minute to 5 minutes, drawn anew each time</c>.</summary>
    public static Phrase Length(DurationRange range) =>
        range.Min == range.Max ? Length(range.Min) : Phrase.Of($"{Length(range.Min)} to {Length(range.Max)}, drawn anew each time");

    /// <summary>Such as <c>at most 3 times for each user within 7 days</c>.</summary>
    public static Phrase Sentence(Limit limit, Phrase zone)
    {
        var times = limit.Max == 1 ? Phrase.Of("once") : Phrase.Of($"{limit.Max} times");
        var period = limit.Period switch
        {
            LimitPeriod.Sliding sliding => Phrase.Of($"within {Length(sliding.Length)}"),
            LimitPeriod.Calendar calendar => In(calendar.Unit, zone),
            _ => Phrase.Of("for ever"),
        };
        return limit.Per == LimitKey.Account ? Phrase.Of($"at most {times} {period}") : Phrase.Of($"for each {Apart(limit)}, at most {times} {period}");
    }

    /// <summary>What is counted apart, such as <c>user</c>.</summary>
    public static Phrase Apart(LimitKey key) => key switch
    {
        LimitKey.User => "user",
        LimitKey.Host => "server",
        LimitKey.Note => "note",
        LimitKey.Thread => "thread",
        _ => "account",
    };

    private static Phrase Apart(Limit limit) => limit.Key is { } expression ? Phrase.Of($"value of {expression.Source.Text}") : Apart(limit.Per);

    private static Phrase In(CalendarUnit unit, Phrase zone) => unit switch
    {
        CalendarUnit.Hour => Phrase.Of($"in one hour of the clock ({zone})"),
        CalendarUnit.Day => Phrase.Of($"in one day of the calendar ({zone})"),
        CalendarUnit.Week => Phrase.Of($"in one week from Monday ({zone})"),
        _ => Phrase.Of($"in one month of the calendar ({zone})"),
    };

    private static IEnumerable<Phrase> Unit(int count, Func<int, Phrase> words) => count == 0 ? [] : [words(count)];
}
