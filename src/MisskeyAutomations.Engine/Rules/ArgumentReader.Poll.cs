using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// Polls: what is written out is checked when the rule loads, what comes from holes when the step is taken.
internal sealed partial class ArgumentReader
{
    private const int FewestChoices = 2;
    private const int MostChoices = 10;
    private const int LongestChoice = 50;

    private static readonly TimeSpan LongestPoll = TimeSpan.FromDays(366);
    private static readonly string[] PollKeys = KeyTable.OfPoll.Names();

    private Argument.Mapping? ReadPoll(string key, SourceNode node, ExpressionContext context)
    {
        if (node is not SourceNode.Mapping mapping)
        {
            reading.ReportWrongKind(key, "a mapping with choices", node, "write poll: with choices: below it");
            return null;
        }

        var errors = reading.Errors;
        foreach (var (name, _) in mapping.Entries.Where(entry => !PollKeys.Contains(entry.Name, StringComparer.Ordinal)))
        {
            reading.ReportUnknownKey(name, "'poll'", PollKeys);
        }

        var entries = new Dictionary<string, Argument?>(StringComparer.Ordinal);
        foreach (var (name, value) in mapping.Entries)
        {
            entries[name.Text] = name.Text switch
            {
                "choices" => ReadChoices(value, context),
                "multiple" => IsHole(value) ? ReadJson(value, context) : new Argument.Constant(Value.Of(ReadBoolean("multiple", value))),
                "expires" => IsHole(value) ? ReadJson(value, context) : ReadLength("expires", value, LongestPoll),
                _ => null,
            };
        }

        if (!entries.ContainsKey("choices") && !mapping.HasRefusedKeys)
        {
            reading.Report(RuleDiagnostics.MissingKey.At(node, "'poll'", "choices"));
        }

        return reading.Errors > errors || entries.ContainsValue(null) ? null
            : new(entries.ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal));
    }

    private Argument? ReadChoices(SourceNode node, ExpressionContext context)
    {
        if (node is SourceNode.Sequence list)
        {
            CheckChoices(list);
            return ReadJson(list, context);
        }

        if (IsHole(node))
        {
            return ReadJson(node, context);
        }

        reading.ReportWrongKind("choices", "a list of texts", node, "write [cats, dogs], or ${…} with an expression that gives a list");
        return null;
    }

    private void CheckChoices(SourceNode.Sequence list)
    {
        if (list.Entries.Count is < FewestChoices or > MostChoices)
        {
            reading.Report(RuleDiagnostics.InvalidPoll.At(list, Phrase.Of($"this one has {list.Entries.Count}")));
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var choice in list.Entries)
        {
            if (reading.ReadText("choices", choice, "texts") is not { } text || IsHole(choice))
            {
                continue;
            }

            if (text.Text.EnumerateRunes().Count() is > LongestChoice and var length)
            {
                reading.Report(RuleDiagnostics.InvalidPoll.At(choice, Phrase.Of($"this one has {length} characters")));
            }
            else if (!known.Add(text.Text.Trim()))
            {
                reading.Report(RuleDiagnostics.InvalidPoll.At(choice, Phrase.Of($"'{Excerpt.Of(text.Text)}' is there twice")));
            }
        }
    }

    // A length of time that is written out and longer than nothing, as seconds.
    private Argument.Constant? ReadLength(string key, SourceNode node, TimeSpan? longest = null)
    {
        if (Durations.ReadLength(reading, key, node, "a duration such as 7d") is not var (text, length))
        {
            return null;
        }

        if (length > longest)
        {
            reading.Report(RuleDiagnostics.DurationTooLong.At(text, Excerpt.Of(text.Text), longest.Value.TotalDays));
            return null;
        }

        return new(Value.Of(length.TotalSeconds));
    }

    private static bool IsHole(SourceNode node) => node is SourceNode.Scalar { IsNull: false } scalar && scalar.Text.Contains("${", StringComparison.Ordinal);
}
