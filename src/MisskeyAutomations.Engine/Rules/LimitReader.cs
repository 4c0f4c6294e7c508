using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>
/// Reads <c>limit</c>: <c>3 per user per 1d</c>, <c>1 per (expr) per day</c>, <c>once per user</c>, <c>{ max, per, within, over }</c>, or
/// a list of them.
/// </summary>
internal sealed partial class LimitReader(Reading reading, RuleEvents events, StepReader steps)
{
    private const int MaxCount = 1_000_000;
    private const int MaxLength = 2_000;
    private const string Forms = "write it like 3 per user per 1d, 10 per hour, 1 per (expression) per day or once per user";

    internal static readonly Dictionary<string, LimitKey> Keys = new(StringComparer.Ordinal)
    {
        ["account"] = LimitKey.Account,
        ["user"] = LimitKey.User,
        ["host"] = LimitKey.Host,
        ["note"] = LimitKey.Note,
        ["thread"] = LimitKey.Thread,
    };

    internal static readonly Dictionary<string, CalendarUnit> Units = new(StringComparer.Ordinal)
    {
        ["hour"] = CalendarUnit.Hour,
        ["day"] = CalendarUnit.Day,
        ["week"] = CalendarUnit.Week,
        ["month"] = CalendarUnit.Month,
    };

    public IReadOnlyList<Limit> Read(SourceNode node)
    {
        if (node is SourceNode.Sequence { Entries.Count: 0 })
        {
            reading.Report(RuleDiagnostics.Empty.At(node, "limit") with { Hint = Forms });
        }

        return [.. node.OneOrMany.Select(ReadOne).OfType<Limit>()];
    }

    private Limit? ReadOne(SourceNode node, int index)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsNull: false } scalar:
                return ReadText(scalar, index);
            case SourceNode.Mapping mapping:
                return ReadMapping(mapping, index);
            default:
                reading.ReportWrongKind("limit", "a limit or a list of limits", node, Forms);
                return null;
        }
    }

    private Limit? ReadText(SourceNode.Scalar scalar, int index)
    {
        var slice = scalar.Value;
        var match = Text().Match(slice.Text);
        if (!match.Success || slice.Text.Length > MaxLength)
        {
            reading.Report(RuleDiagnostics.InvalidLimit.At(slice, Excerpt.Of(slice.Text)) with { Hint = HintFor(slice.Text) });
            return null;
        }

        var isOnce = match.Groups["once"].Success;
        var (key, period) = (Part(slice, match.Groups["key"]), Part(slice, match.Groups["period"]));
        // '1 per day per user' and 'once per day' say what is meant, in another order.
        if (key is not null && Units.ContainsKey(key.Text) && (isOnce ? period is null : period is not null && Keys.ContainsKey(period.Text)))
        {
            reading.Report(RuleDiagnostics.InvalidLimit.At(slice, Excerpt.Of(slice.Text)) with
            {
                Hint = isOnce ? $"write 1 per {key.Text}" : Phrase.Of($"write {match.Groups["max"].Value} per {period!.Text} per {key.Text}"),
            });
            return null;
        }

        if (!isOnce && period is null && key is not null && IsPeriod(key.Text))
        {
            (key, period) = (null, key);
        }

        if (isOnce && period is not null)
        {
            reading.Report(RuleDiagnostics.InvalidLimit.At(slice, Excerpt.Of(slice.Text)) with { Hint = $"'once' is for ever; write 1 per {key!.Text} per {period.Text}" });
            return null;
        }

        if (!isOnce && period is null)
        {
            ReportNoPeriod(slice, match.Groups["max"].Value, key);
            return null;
        }

        var errors = reading.Errors;
        var max = isOnce ? 1 : ReadCount(Part(slice, match.Groups["max"])!);
        var (per, expression) = key is null ? (LimitKey.Account, null) : ReadKey(key, index);
        var read = isOnce ? new LimitPeriod.Ever() : ReadPeriod(period!);
        return reading.Errors > errors ? null : new(max, per, expression, read!, slice.Text);
    }

    private static Phrase HintFor(string text)
    {
        if (Reading.Narrow(text) is { } narrow && Text().IsMatch(narrow))
        {
            return Reading.InOrdinaryWidth(narrow);
        }

        return Slash().Match(text) is { Success: true } slash ? Phrase.Of($"write {slash.Groups["max"].Value} per {slash.Groups["period"].Value}") : Forms;
    }

    private void ReportNoPeriod(SourceSlice slice, string max, SourceSlice? key)
    {
        var per = key is null ? "" : $"per {key.Text} ";
        if (key is not null && !IsKey(key.Text))
        {
            ReadPeriod(key);
            return;
        }

        reading.Report(RuleDiagnostics.LimitWithoutPeriod.At(slice, Excerpt.Of(slice.Text)) with
        {
            Hint = key is null
                ? Phrase.Of($"{max} {per}per day, {max} {per}per 7d?")
                : Phrase.Of($"{max} {per}per day, {max} {per}per 7d, or once per {key.Text}?"),
        });
    }

    private Limit? ReadMapping(SourceNode.Mapping mapping, int index)
    {
        var errors = reading.Errors;
        foreach (var (key, _) in mapping.Entries.Where(entry => !Language.LimitKeys.Contains(entry.Name, StringComparer.Ordinal)))
        {
            reading.ReportUnknownKey(key, "a limit", Language.LimitKeys);
        }

        var (max, within) = (Require(mapping, "max"), Require(mapping, "within"));
        var count = max is null || reading.ReadText("max", max, "a number of times") is not { } maxText ? 0 : ReadCount(maxText.Value);
        var period = within is null || reading.ReadText("within", within, "a period") is not { } withinText ? null : ReadPeriod(withinText.Value);
        var (per, expression, perText) = (LimitKey.Account, (CompiledExpression?)null, "");
        if (mapping.Find("per") is { } perEntry && reading.ReadText("per", perEntry.Value, "user, host, note, thread, account or (expression)") is { } perKey)
        {
            (per, expression) = ReadKey(perKey.Value, index);
            perText = $"per {perKey.Text} ";
        }

        var (over, branch) = (LimitOver.Skip, index == 0 ? "over" : $"over-{index + 1}");
        IReadOnlyList<StepNode> overSteps = [];
        if (mapping.Find("over") is { } overEntry)
        {
            (over, overSteps) = ReadOver(overEntry.Value, branch);
        }

        return reading.Errors > errors || count == 0 || period is null || within is not SourceNode.Scalar span
            ? null : new(count, per, expression, period, $"{count} {perText}per {span.Text}") { Over = over, OverSteps = overSteps, OverBranch = branch };
    }

    private (LimitOver Over, IReadOnlyList<StepNode> Steps) ReadOver(SourceNode node, string branch)
    {
        switch (node)
        {
            case SourceNode.Scalar { Text: "skip" }:
                return (LimitOver.Skip, []);
            case SourceNode.Scalar { Text: "delay" }:
                return (LimitOver.Delay, []);
            case SourceNode.Sequence or SourceNode.Mapping:
                return (LimitOver.Steps, steps.Read("over", node, branch));
            case SourceNode.Scalar { IsNull: false } word:
                reading.Report(RuleDiagnostics.InvalidWord.At(word, "over", Phrase.Of("skip, delay or steps"), Excerpt.Of(word.Text)) with
                {
                    Hint = Reading.DidYouMean(word.Text, ["skip", "delay"]),
                });
                break;
            default:
                reading.ReportWrongKind("over", Phrase.Of("skip, delay or steps"), node);
                break;
        }

        return (LimitOver.Skip, []);
    }

    private SourceNode? Require(SourceNode.Mapping mapping, string key)
    {
        if (mapping.Find(key) is { } entry)
        {
            return entry.Value;
        }

        if (!mapping.HasRefusedKeys)
        {
            reading.Report(RuleDiagnostics.MissingKey.At(mapping, Phrase.Of("a limit"), key) with { Hint = "write { max: 3, per: user, within: 1d }" });
        }

        return null;
    }

    private int ReadCount(SourceSlice slice)
    {
        if (int.TryParse(slice.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxCount)
        {
            return count;
        }

        reading.Report(RuleDiagnostics.InvalidCount.At(slice, Excerpt.Of(slice.Text), MaxCount.ToString("N0", CultureInfo.InvariantCulture)) with
        {
            Hint = Reading.Narrow(slice.Text) is { } narrow ? Reading.InOrdinaryWidth(narrow) : null,
        });
        return 0;
    }

    private (LimitKey Per, CompiledExpression? Expression) ReadKey(SourceSlice slice, int index)
    {
        if (Keys.TryGetValue(slice.Text, out var key))
        {
            RequireVariable(slice, key);
            return (key, null);
        }

        if (slice.Text is ['(', .., ')'])
        {
            var inner = slice.Part(1, slice.Text.Length - 2);
            return (LimitKey.Expression, ExpressionCompiler.Compile(inner, events.Context($"limit[{index}]", RuleEvents.NoNames), reading.Diagnostics));
        }

        reading.Report(RuleDiagnostics.UnknownLimitKey.At(slice, Excerpt.Of(slice.Text)) with
        {
            Hint = Reading.DidYouMean(slice.Text, Keys.Keys) ?? (Path().IsMatch(slice.Text) ? Phrase.Of($"an expression stands in parentheses: ({slice.Text})") : null),
            Note = "per user, host, note, thread, account or (expression)",
        });
        return (LimitKey.Account, null);
    }

    private void RequireVariable(SourceSlice slice, LimitKey key)
    {
        var variable = key switch
        {
            LimitKey.User or LimitKey.Host => "user",
            LimitKey.Note or LimitKey.Thread => "note",
            _ => null,
        };
        if (variable is not null && events.Lacking(variable) is { } lacking)
        {
            reading.Report(RuleDiagnostics.LimitKeyMissing.At(slice, slice.Text, lacking, variable));
        }
    }

    private LimitPeriod? ReadPeriod(SourceSlice slice)
    {
        if (Units.TryGetValue(slice.Text, out var unit))
        {
            return new LimitPeriod.Calendar(unit);
        }

        if (slice.Text.All(char.IsLetter) && Reading.DidYouMean(slice.Text, Units.Keys) is { } hint)
        {
            reading.Report(RuleDiagnostics.InvalidDuration.At(slice, slice.Text) with { Hint = hint });
            return null;
        }

        if (Durations.Read(reading, slice) is not { } length)
        {
            return null;
        }

        if (length > TimeSpan.Zero)
        {
            return new LimitPeriod.Sliding(length);
        }

        reading.Report(RuleDiagnostics.DurationIsZero.At(slice, slice.Text));
        return null;
    }

    private static bool IsPeriod(string text) => Units.ContainsKey(text) || Durations.Parse(text) is not null;

    private static bool IsKey(string text) => Keys.ContainsKey(text) || text is ['(', .., ')'] || (!char.IsAsciiDigit(text[0]) && Reading.DidYouMean(text, Units.Keys) is null);

    private static SourceSlice? Part(SourceSlice slice, Group group) => group.Success ? slice.Part(group.Index, group.Length) : null;

    // The key in parentheses is an expression that may hold anything, even ' per '.
    [GeneratedRegex(@"^((?<once>once)|(?<max>[^\s]+))([ ]+per[ ]+(?<key>\(.*\)|[^\s()]+))([ ]+per[ ]+(?<period>[^\s()]+))?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Text();

    [GeneratedRegex(@"^[\w.]+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Path();

    [GeneratedRegex("^(?<max>[0-9]{1,7}) ?/ ?(?<period>hour|day|week|month|[0-9]+[smhd])$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Slash();
}
