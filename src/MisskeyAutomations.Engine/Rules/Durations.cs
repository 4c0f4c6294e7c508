using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads durations such as <c>30s 5m 2h 7d 1h30m</c> and ranges such as <c>1m..5m</c>.</summary>
internal static partial class Durations
{
    /// <summary>The longest wait: what is due in more than ten years is a mistake.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    private static readonly string[] MappingUnits = ["days", "hours", "minutes", "seconds"];

    public static DurationRange? ReadRange(Reading reading, SourceSlice slice)
    {
        var dots = slice.Text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || Dashed().IsMatch(slice.Text))
        {
            return Read(reading, slice) is { } fixedLength ? new(fixedLength, fixedLength) : null;
        }

        var (from, to) = (Trimmed(slice, 0, dots), Trimmed(slice, dots + 2, slice.Text.Length - dots - 2));
        if (BareNumber().IsMatch(from.Text) && Duration().IsMatch(to.Text))
        {
            var unit = to.Text[^1];
            reading.Report(RuleDiagnostics.NoUnit.At(from, from.Text) with { Hint = $"write {from.Text}{unit}..{to.Text}" });
            return null;
        }

        if ((Read(reading, from), Read(reading, to)) is not ({ } min, { } max))
        {
            return null;
        }

        if (min > max)
        {
            reading.Report(RuleDiagnostics.ReversedRange.At(slice, slice.Text) with { Hint = $"write {to.Text}..{from.Text}" });
            return null;
        }

        return new(min, max);
    }

    public static TimeSpan? Read(Reading reading, SourceSlice slice)
    {
        if (Parse(slice.Text) is { } length)
        {
            if (length <= Max)
            {
                return length;
            }

            reading.Report(RuleDiagnostics.DurationTooLong.At(slice, Excerpt.Of(slice.Text), Max.TotalDays));
            return null;
        }

        reading.Report(BareNumber().IsMatch(slice.Text)
            ? RuleDiagnostics.NoUnit.At(slice, slice.Text) with { Hint = HintForUnit(slice.Text) }
            : RuleDiagnostics.InvalidDuration.At(slice, Excerpt.Of(slice.Text)) with { Hint = HintFor(slice.Text) });
        return null;
    }

    /// <summary>Reads a duration that is longer than nothing; null after an error.</summary>
    /// <param name="reading">Is told of errors.</param>
    /// <param name="key">The key that it stands under.</param>
    /// <param name="node">Where it is written.</param>
    /// <param name="expected">What should stand there, with an example that makes sense there.</param>
    /// <param name="hint">What to write instead of nothing; null when there is nothing to say.</param>
    public static (SourceNode.Scalar Text, TimeSpan Length)? ReadLength(Reading reading, string key, SourceNode node, Phrase expected, Phrase? hint = null)
    {
        if (reading.ReadText(key, node, expected) is not { } text || Read(reading, text.Value) is not { } length)
        {
            return null;
        }

        if (length > TimeSpan.Zero)
        {
            return (text, length);
        }

        reading.Report(RuleDiagnostics.DurationIsZero.At(text, Excerpt.Of(text.Text)) with { Hint = hint });
        return null;
    }

    /// <summary>The duration; null when the text is none. Longer than any wait when it is beyond counting.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        var seconds = Part(match, "d") * 86_400 + Part(match, "h") * 3600 + Part(match, "m") * 60 + Part(match, "s");
        return seconds > 1e11 ? TimeSpan.FromDays(1_000_000) : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>The shortest text that reads to this duration.</summary>
    public static string Format(TimeSpan length)
    {
        var text = string.Concat(
            length.Days > 0 ? $"{length.Days}d" : "", length.Hours > 0 ? $"{length.Hours}h" : "",
            length.Minutes > 0 ? $"{length.Minutes}m" : "", length.Seconds > 0 ? $"{length.Seconds}s" : "");
        return text.Length == 0 ? "0s" : text;
    }

    public static Phrase HintForUnit(string number) => $"write {number}s, {number}m, {number}h or {number}d";

    /// <summary>What to write for <c>{ minutes: 5 }</c>, which is how Home Assistant writes durations; null for other nodes.</summary>
    public static Phrase? HintFor(SourceNode node)
    {
        if (node is not SourceNode.Mapping { Entries.Count: > 0 } mapping)
        {
            return null;
        }

        var text = string.Concat(MappingUnits.Select(unit => mapping.Find(unit)?.Value is SourceNode.Scalar { Text.Length: < 10 } count && count.Text.All(char.IsAsciiDigit) ? $"{count.Text}{unit[0]}" : ""));
        return text.Count(char.IsAsciiLetter) == mapping.Entries.Count ? Phrase.Of($"write {text}") : null;
    }

    private static double Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } part ? double.Parse(part.Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static Phrase HintFor(string text)
    {
        if (Reading.Narrow(text) is { } narrow && (Parse(narrow) is not null || BareNumber().IsMatch(narrow) || Dashed().IsMatch(narrow)))
        {
            return Parse(narrow) is not null ? Reading.InOrdinaryWidth(narrow) : Dashed().IsMatch(narrow) ? HintFor(narrow) : HintForUnit(narrow);
        }

        if (Foreign(Reading.Narrow(text) ?? text) is { } length)
        {
            return $"write {Format(length)}";
        }

        if (text.Contains("..", StringComparison.Ordinal) && !Dashed().IsMatch(text))
        {
            return "one duration, not a range";
        }

        if (Words().Match(text) is { Success: true } words)
        {
            return $"write {words.Groups["n"].Value}{char.ToLowerInvariant(words.Groups["unit"].Value[0])}";
        }

        if (Spaced().IsMatch(text))
        {
            return $"write it without spaces: {text.Replace(" ", "", StringComparison.Ordinal)}";
        }

        return Dashed().Match(text) is { Success: true } range
            ? Phrase.Of($"write {range.Groups["a"].Value}..{range.Groups["b"].Value}")
            : Phrase.Of("durations: 30s, 5m, 2h, 7d, 1h30m; ranges: 1m..5m");
    }

    // 00:05:00 and 5:00 as Home Assistant writes them, PT5M as ISO 8601 does, 5分 and 1.5h.
    private static TimeSpan? Foreign(string text)
    {
        var match = ForeignForm().Match(text);
        if (!match.Success || text.Length is 0 or > 20)
        {
            return null;
        }

        double Number(string unit) => match.Groups[unit] is { Success: true } part ? double.Parse(part.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;
        var seconds = Number("d") * 86_400 + Number("h") * 3600 + Number("m") * 60 + Number("s");
        return seconds >= 1 && seconds <= Max.TotalSeconds ? TimeSpan.FromSeconds(Math.Round(seconds)) : null;
    }

    private static SourceSlice Trimmed(SourceSlice slice, int start, int length)
    {
        var part = slice.Text.AsSpan(start, length);
        var lead = length - part.TrimStart().Length;
        return slice.Part(start + lead, Math.Max(part.Trim().Length, 0));
    }

    [GeneratedRegex("^((?<d>[0-9]{1,15})d)?((?<h>[0-9]{1,15})h)?((?<m>[0-9]{1,15})m)?((?<s>[0-9]{1,15})s)?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex BareNumber();

    [GeneratedRegex("^(?<n>[0-9]+) ?(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Patterns.Timeout)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"^((?<h>[0-9]{1,2}):(?<m>[0-5][0-9]):(?<s>[0-5][0-9])|(P((?<d>[0-9]+)D)?(T((?<h>[0-9]+)H)?((?<m>[0-9]+)M)?((?<s>[0-9]+)S)?)?)"
        + @"|((?<d>[0-9]+)日間?)?((?<h>[0-9]+)時間)?((?<m>[0-9]+)分間?)?((?<s>[0-9]+)秒間?)?"
        + @"|((?<d>[0-9]+\.[0-9]+)d|(?<h>[0-9]+\.[0-9]+)h|(?<m>[0-9]+\.[0-9]+)m))$",
        RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex ForeignForm();

    [GeneratedRegex("^[0-9]+[dhms]( +[0-9]+[dhms])+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Spaced();

    [GeneratedRegex("^(?<a>[0-9]+[dhms]) ?([-–~〜‥…]|to|から|\\.{3}) ?(?<b>[0-9]+[dhms])$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Dashed();
}
