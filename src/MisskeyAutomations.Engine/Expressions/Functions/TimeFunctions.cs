using System.Globalization;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>Functions on times, which are texts in ISO 8601. Days and hours are those of the rule set's time zone.</summary>
internal static class TimeFunctions
{
    private static readonly string[] OfAZone = ["hour", "minute", "weekday", "date", "during"];

    /// <summary>Whether it is, or holds, a call whose value hangs on the time zone.</summary>
    public static bool AreIn(Operation operation) =>
        (operation is StrictCall call && OfAZone.Contains(call.Name, StringComparer.Ordinal)) || operation.Operands.Any(AreIn);

    public static Value Age(ReadOnlySpan<Value> arguments, Scope scope) =>
        Read(arguments[0], time => Value.Of((scope.Now - time).TotalSeconds));

    public static Value Hour(ReadOnlySpan<Value> arguments, Scope scope) => Local(arguments, scope, time => Value.Of(time.Hour));

    public static Value Minute(ReadOnlySpan<Value> arguments, Scope scope) => Local(arguments, scope, time => Value.Of(time.Minute));

    public static Value Weekday(ReadOnlySpan<Value> arguments, Scope scope) => Local(arguments, scope, time => Value.Of((int)time.DayOfWeek));

    public static Value Date(ReadOnlySpan<Value> arguments, Scope scope) =>
        Local(arguments, scope, time => Value.Of(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    public static Operation During(FunctionCall call)
    {
        if (call.Written(0) is { Kind: ValueKind.Text } written && ReadSpan(written.Text) is null)
        {
            call.Refuse(0, "this is no span of the day", "write '23:00..07:00'");
        }

        return new StrictCall(call, (arguments, scope) => arguments[0].IsNull ? Value.Null
            : ReadSpan(arguments[0].Text) is not { } span ? Value.Error($"{arguments[0].Quote()} is no span of the day such as 23:00..07:00")
            : Local(arguments[1..], scope, time => Value.Of(Within(span, time.Hour * 60 + time.Minute))));
    }

    // The first minute belongs to the span, the last does not; a span that ends where it begins is the whole day.
    private static bool Within((int From, int To) span, int minute) => span.From < span.To
        ? minute >= span.From && minute < span.To
        : minute >= span.From || minute < span.To;

    private static (int From, int To)? ReadSpan(string text)
    {
        var parts = text.Split("..");
        return parts.Length == 2 && ReadMinute(parts[0].Trim()) is { } from && ReadMinute(parts[1].Trim()) is { } to ? (from % 1440, to) : null;
    }

    private static int? ReadMinute(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon is 1 or 2 && text.Length == colon + 3
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) ? (hour * 60) + minute : null;
    }

    private static Value Local(ReadOnlySpan<Value> arguments, Scope scope, Func<DateTimeOffset, Value> read) => arguments.Length == 0
        ? read(TimeZoneInfo.ConvertTime(scope.Now, scope.TimeZone))
        : Read(arguments[0], time => read(TimeZoneInfo.ConvertTime(time, scope.TimeZone)));

    private static Value Read(Value value, Func<DateTimeOffset, Value> read) => value.IsNull ? Value.Null
        : DateTimeOffset.TryParse(value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? read(time)
        : Value.Error($"{value.Quote()} is no time such as 2026-01-31T08:00:00Z");
}
