using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Reads what a test expects.</summary>
internal sealed class ExpectationReader(RuleSet rules, IReadOnlyList<ActionDescriptor> actions, DiagnosticBag diagnostics)
{
    internal static readonly string[] GateNames =
    [
        Gates.NotForMe, Gates.Heard, Gates.Enabled, Gates.Test, Gates.Self, Gates.Bots, Gates.Muted, Gates.Late, Gates.When, Gates.NoLongerHolds,
        Gates.Group, Gates.Overlap, Gates.Limit, Gates.Gone,
    ];

    public IReadOnlyList<Expectation> Read(SourceNode? node)
    {
        if (node is SourceNode.Mapping mapping)
        {
            return [.. mapping.Entries.Select(ReadOne).OfType<Expectation>()];
        }

        if (node is not null)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, "expect", Phrase.Of("a mapping from rules to what they do")));
        }

        return [];
    }

    private Expectation? ReadOne(SourceEntry entry)
    {
        var span = entry.Key.Span;
        if (rules.Find(entry.Name) is null)
        {
            diagnostics.Add(RuleTestDiagnostics.UnknownRule.At(entry.Key, new(0, entry.Name.Length), entry.Name) with
            {
                Hint = RuleTestReader.DidYouMean(entry.Name, rules.Rules.Select(rule => rule.Name)),
            });
            return null;
        }

        switch (entry.Value)
        {
            case SourceNode.Scalar { Text: "nothing" }:
                return new Expectation.DoesNothing { Rule = entry.Name, Span = span };
            case SourceNode.Sequence list:
                var steps = list.Entries.Select(ReadStep).ToArray();
                return steps.Contains(null) ? null : new Expectation.Acts { Rule = entry.Name, Span = span, Steps = steps! };
            case SourceNode.Mapping mapping when mapping.Find("skipped") is { } skipped:
                return ReadSkipped(entry.Name, span, mapping, skipped);
            default:
                diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, entry.Name, Phrase.Of("a list of steps, { skipped: GATE }, or nothing")));
                return null;
        }
    }

    private Expectation.IsSkipped? ReadSkipped(string rule, TextSpan span, SourceNode.Mapping mapping, SourceEntry skipped)
    {
        if (mapping.Entries.FirstOrDefault(entry => entry.Name is not ("skipped" or "because")) is { } stranger)
        {
            diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(stranger.Key, new(0, stranger.Name.Length), Phrase.Of("an expectation"), stranger.Name) with { Hint = "it takes skipped and because" });
            return null;
        }

        var gate = (skipped.Value as SourceNode.Scalar)?.Text ?? "";
        if (!GateNames.Contains(gate))
        {
            diagnostics.Add(RuleTestDiagnostics.UnknownGate.At(skipped.Value.Source, skipped.Value.Span, gate) with
            {
                Hint = RuleTestReader.DidYouMean(gate, GateNames),
                Note = $"gates: {string.Join(", ", GateNames)}",
            });
            return null;
        }

        return new() { Rule = rule, Span = span, Gate = gate, Because = (mapping.Find("because")?.Value as SourceNode.Scalar)?.Text };
    }

    private ExpectedStep? ReadStep(SourceNode node)
    {
        if (node is not SourceNode.Mapping mapping || mapping.Entries.Count == 0)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, "expect", Phrase.Of("steps such as { reply: PONG! }")));
            return null;
        }

        if (mapping.Entries.FirstOrDefault(entry => entry.Name == "set" || actions.Any(action => action.Name == entry.Name)) is not { } main)
        {
            var first = mapping.Entries[0];
            diagnostics.Add(RuleTestDiagnostics.UnknownStep.At(first.Key, new(0, first.Name.Length), first.Name) with
            {
                Hint = RuleTestReader.DidYouMean(first.Name, actions.Select(action => action.Name).Append("set")),
            });
            return null;
        }

        TimeSpan? within = null;
        var options = new Dictionary<string, ExpectedField>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries.Where(entry => entry != main))
        {
            var text = entry.Value is SourceNode.Scalar scalar ? scalar.Text : SourceJson.Read(entry.Value)?.ToJsonString() ?? "";
            if (entry.Name != "within")
            {
                if (ReadField(entry.Value, text) is not { } field)
                {
                    return null;
                }

                options[entry.Name] = field;
            }
            else if ((within = Durations.Parse(text)) is null)
            {
                diagnostics.Add(RuleTestDiagnostics.InvalidTime.At(entry.Value.Source, entry.Value.Span, text, Phrase.Of("duration")) with { Hint = "durations: 30s, 5m, 2h, 7d, 1h30m" });
                return null;
            }
        }

        return ReadMain(main, options, within) is { } step ? step with { Span = mapping.Span } : null;
    }

    private ExpectedStep? ReadMain(SourceEntry main, Dictionary<string, ExpectedField> options, TimeSpan? within)
    {
        if (main.Value is SourceNode.Mapping values)
        {
            return new(main.Name, null, null, options, within)
            {
                Values = values.Entries.ToDictionary(entry => entry.Name, entry => SourceJson.Read(entry.Value)?.ToJsonString() ?? "null", StringComparer.Ordinal),
            };
        }

        if (main.Value is not SourceNode.Scalar { IsNull: false } scalar)
        {
            return new(main.Name, null, null, options, within);
        }

        return ReadField(scalar, scalar.Text) is { } field ? new(main.Name, field.Pattern is null ? field.Text : null, field.Pattern, options, within) : null;
    }

    // A text as it stands, or a pattern between slashes; null after having reported that it is none.
    private ExpectedField? ReadField(SourceNode node, string text)
    {
        if (node is not SourceNode.Scalar || text is not ['/', .., '/' or 'i'] || text.LastIndexOf('/') == 0)
        {
            return new(text, null, node.Span);
        }

        var end = text.LastIndexOf('/');
        var flags = text[(end + 1)..] == "i" ? RegexOptions.IgnoreCase : RegexOptions.None;
        try
        {
            var pattern = new Regex(text[1..end], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | flags, TimeSpan.FromMilliseconds(100));
            return new(text, pattern, node.Span);
        }
        catch (RegexParseException wrong)
        {
            diagnostics.Add(RuleTestDiagnostics.InvalidPattern.At(node.Source, node.Span, text, PatternReader.Words(wrong.Error)));
        }
        catch (NotSupportedException)
        {
            diagnostics.Add(RuleTestDiagnostics.InvalidPattern.At(node.Source, node.Span, text, Phrase.Of("it would not run in linear time")));
        }

        return null;
    }
}
