using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads Unix cron expressions: five fields of <c>*</c>, numbers, names, ranges, steps and lists.</summary>
internal sealed partial class CronReader(Reading reading)
{
    private static readonly string[] MonthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] WeekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private static readonly Field Weekday = new("day of the week", 0, 7, WeekdayNames);
    private static readonly Field[] Fields =
    [
        new("minute", 0, 59, []), new("hour", 0, 23, []), new("day of the month", 1, 31, []), new("month", 1, 12, MonthNames),
        Weekday,
    ];

    private const string CurlyQuotes = "“”„‘’「」";
    private static readonly SearchValues<char> Quotes = SearchValues.Create(CurlyQuotes);

    private static readonly DateTimeOffset SomeDay = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The schedule and the expression with single spaces; null after having reported what is wrong.</summary>
    public (CronSchedule Schedule, string Text)? Read(SourceNode.Scalar node)
    {
        var words = Word().Matches(node.Text);
        if (node.Text.AsSpan().ContainsAny(Quotes))
        {
            reading.Report(TriggerDiagnostics.InvalidCronField.At(node, Excerpt.Of(node.Text.Split(' ')[0]), Fields[0].Name) with { Hint = $"write ordinary quotes: \"{Excerpt.Of(node.Text.Trim([.. CurlyQuotes]))}\"" });
            return null;
        }

        if (words.Count != Fields.Length)
        {
            reading.Report(TriggerDiagnostics.InvalidCron.At(node, Excerpt.Of(node.Text), words.Count) with { Hint = HintFor(node.Text.Trim(), words.Count) });
            return null;
        }

        var sets = Fields.Select((field, i) => ReadField(node, words[i], field)).ToArray();
        if (sets.Contains(null))
        {
            return null;
        }

        var schedule = new CronSchedule
        {
            Minutes = sets[0]!.Value,
            Hours = sets[1]!.Value,
            Days = sets[2]!.Value,
            Months = sets[3]!.Value,
            Weekdays = sets[4]!.Value | (sets[4]!.Value >> 7),
            NeedsBothDays = words[2].Value[0] == '*' || words[4].Value[0] == '*',
            GoesByTheClock = words[0].Value[0] == '*' || words[1].Value[0] == '*',
        };
        if (schedule.Next(SomeDay, TimeZoneInfo.Utc) is null)
        {
            reading.Report(TriggerDiagnostics.CronNeverRings.At(node, Excerpt.Of(node.Text)) with { Hint = "no month that it names has such a day" });
            return null;
        }

        return (schedule, string.Join(' ', words.Select(word => word.Value.ToLowerInvariant())));
    }

    private ulong? ReadField(SourceNode.Scalar node, Match word, Field field)
    {
        var set = 0UL;
        var start = word.Index;
        foreach (var part in word.Value.Split(','))
        {
            if (ReadPart(part, field) is not { } one)
            {
                var shown = part.Length == 0 ? word.Value : part;
                var span = part.Length == 0 ? new TextSpan(word.Index, word.Index + word.Length) : new TextSpan(start, start + part.Length);
                reading.Report(TriggerDiagnostics.InvalidCronField.At(node.Value, span, shown, field.Name) with { Hint = HintFor(part, field) });
                return null;
            }

            set |= one;
            start += part.Length + 1;
        }

        return set;
    }

    private static ulong? ReadPart(string text, Field field)
    {
        if (Part().Match(text) is not { Success: true } part)
        {
            return null;
        }

        var step = part.Groups["step"] is { Success: true } written ? Number(written.Value) : 1;
        var (first, last) = part.Groups["from"].Value == "*" ? (field.Min, field == Weekday ? 6 : field.Max)
            : (NumberOf(part.Groups["from"].Value, field), part.Groups["to"] is { Success: true } to ? NumberOf(to.Value, field) : part.Groups["step"].Success ? field.Max : null);
        last ??= first;
        if (first is null || last is null || first < field.Min || last > field.Max || first > last || step is null or < 1 || step > field.Max)
        {
            return null;
        }

        var set = 0UL;
        for (var number = first.Value; number <= last; number += step.Value)
        {
            set |= 1UL << number;
        }

        return set;
    }

    private static int? NumberOf(string text, Field field) =>
        Array.IndexOf(field.Names, text.ToLowerInvariant()) is >= 0 and var index ? index + (field.Min == 0 ? 0 : 1)
        : Number(text) is { } number ? number : null;

    private static int? Number(string text) => text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Phrase HintFor(string text, int words) => text switch
    {
        "@hourly" => "write \"0 * * * *\"",
        "@daily" or "@midnight" => "write \"0 0 * * *\"",
        "@weekly" => "write \"0 0 * * 0\"",
        "@monthly" => "write \"0 0 1 * *\"",
        "@yearly" or "@annually" => "write \"0 0 1 1 *\"",
        _ when words is 6 or 7 => "there are no seconds and years here: minute hour day month weekday, such as \"0 8 * * *\"",
        _ => "minute hour day month weekday, such as \"0 8 * * *\" for each day at 8",
    };

    private static Phrase HintFor(string part, Field field) =>
        Reading.Narrow(part) is { } narrow ? Reading.InOrdinaryWidth(narrow)
        : part.Contains('?', StringComparison.Ordinal) ? "write * for any"
        : part.AsSpan().IndexOfAny("LW#") >= 0 && field.Names.Length == 0 ? "L, W and # are not Unix's: ask in 'when' instead"
        : part.Split('/') is [not ("*" or ""), "0"] or ["*", "0"] ? "a step is at least 1"
        : field.Names is [var first, .., var last] ? Phrase.Of($"{field.Min} to {field.Max}, or {first} to {last}; lists 1,2, ranges 1-5 and steps */2")
        : Phrase.Of($"{field.Min} to {field.Max}; lists 1,2, ranges 1-5 and steps */2");

    /// <summary>One of the five.</summary>
    private sealed record Field(Phrase Name, int Min, int Max, string[] Names);

    [GeneratedRegex(@"\S+", RegexOptions.None, Patterns.Timeout)]
    private static partial Regex Word();

    [GeneratedRegex(@"^(?<from>\*|[A-Za-z]{3}|[0-9]+)(?<!\*)(-(?<to>[A-Za-z]{3}|[0-9]+))?(/(?<step>[0-9]+))?\z|^(?<from>\*)(/(?<step>[0-9]+))?\z", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Part();
}
