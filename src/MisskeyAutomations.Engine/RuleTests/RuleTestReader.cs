using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Reads the <c>tests:</c> of rule files.</summary>
public sealed partial class RuleTestReader
{
    private static readonly string[] Keys = KeyTable.OfTest.Names();
    internal static readonly string[] Lookups = ["users/show", "users/relation", "notes/show", "users/lists/list", "clips/list"];
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly DiagnosticBag _diagnostics = new();
    private readonly ExpectationReader _expectations;
    private readonly GivenReader _givens;

    // What can be answered: look-ups, and what the rules call.
    private readonly string[] _endpoints;

    private RuleTestReader(RuleReading reading, IReadOnlyList<ActionDescriptor> actions)
    {
        var rules = reading.RuleSet!;
        _endpoints = [.. Lookups.Concat(rules.Rules.SelectMany(rule => rule.Endpoints).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)];
        _givens = new GivenReader(rules, reading.ReadFile, _diagnostics);
        _expectations = new ExpectationReader(rules, actions, _diagnostics);
    }

    /// <summary>The tests of a reading that are well written, and all findings about the others.</summary>
    /// <param name="reading">A reading without errors.</param>
    /// <param name="actions">The table of steps.</param>
    public static (IReadOnlyList<RuleTest> Tests, IReadOnlyList<Diagnostic> Diagnostics) Read(RuleReading reading, IReadOnlyList<ActionDescriptor> actions)
    {
        var reader = new RuleTestReader(reading, actions);
        IReadOnlyList<RuleTest> tests = [.. reading.Tests.Select(reader.ReadTest).OfType<RuleTest>()];
        return (tests, reader._diagnostics.Sorted());
    }

    private RuleTest? ReadTest(SourceNode.Mapping node)
    {
        var before = _diagnostics.Items.Count;
        foreach (var entry in node.Entries.Where(entry => !Keys.Contains(entry.Name)))
        {
            _diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(entry.Key, new(0, entry.Name.Length), Phrase.Of("a test"), entry.Name) with { Hint = DidYouMean(entry.Name, Keys) });
        }

        var at = ReadAt(node.Find("at"));
        var expectations = _expectations.Read(Required(node, "expect"));
        var given = Required(node, "given");
        var givens = _givens.Read(given, at, hasAt: node.Find("at") is not null);
        var name = Required(node, "name") is SourceNode.Scalar { IsNull: false } scalar ? scalar.Text : "";
        var lookups = ReadLookups(node.Find("lookups"));
        var state = ReadState(node.Find("state"));
        var die = ReadRandom(node.Find("random"));
        return _diagnostics.Items.Count > before ? null : new RuleTest
        {
            Name = name,
            Givens = givens,
            At = at,
            Die = die,
            Lookups = lookups,
            State = state,
            Expectations = expectations,
            Source = node.Source,
            Span = node.Span,
        };
    }

    private SourceNode? Required(SourceNode.Mapping node, string key)
    {
        if (node.Find(key) is { } entry)
        {
            return entry.Value;
        }

        _diagnostics.Add(RuleTestDiagnostics.MissingKey.At(node.Source, new(node.Span.Start, node.Span.Start), key));
        return null;
    }

    private DateTimeOffset ReadAt(SourceEntry? entry)
    {
        if (entry is null)
        {
            return DefaultStart;
        }

        // Without an offset it would be another time on another machine.
        if (entry.Value is SourceNode.Scalar scalar && Time().IsMatch(scalar.Text)
            && DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return at;
        }

        _diagnostics.Add(RuleTestDiagnostics.InvalidTime.At(entry.Value.Source, entry.Value.Span, "at", Phrase.Of("time with an offset")) with { Hint = "write it like \"2026-05-01T08:00:00+09:00\"" });
        return DefaultStart;
    }

    private double? ReadRandom(SourceEntry? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (entry.Value is SourceNode.Scalar scalar
            && double.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1)
        {
            return Math.Min(number, Math.BitDecrement(1.0));
        }

        _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, "random", Phrase.Of("a number from 0 to 1")) with { Hint = "what all dice show: 0 for the least, 1 for the most" });
        return null;
    }

    private Dictionary<string, string> ReadState(SourceEntry? entry)
    {
        if (entry is null or { Value: SourceNode.Mapping })
        {
            return (entry?.Value as SourceNode.Mapping)?.Entries.ToDictionary(
                kept => kept.Name, kept => SourceJson.Read(kept.Value)?.ToJsonString() ?? "null", StringComparer.Ordinal) ?? [];
        }

        _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, "state", Phrase.Of("a mapping from keys to values")));
        return [];
    }

    private Dictionary<string, string> ReadLookups(SourceEntry? entry)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (entry is null)
        {
            return answers;
        }

        if (entry.Value is not SourceNode.Mapping mapping)
        {
            _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, "lookups", Phrase.Of("a mapping from endpoints to answers")));
            return answers;
        }

        foreach (var answer in mapping.Entries)
        {
            if (_endpoints.Contains(answer.Name) || WebAnswers.IsAddress(answer.Name))
            {
                answers[answer.Name] = SourceJson.Read(answer.Value)?.ToJsonString() ?? "null";
            }
            else
            {
                _diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(answer.Key, new(0, answer.Name.Length), "lookups", answer.Name) with
                {
                    Hint = DidYouMean(answer.Name, _endpoints) ?? $"look-ups: {string.Join(", ", _endpoints)}",
                });
            }
        }

        return answers;
    }

    internal static Phrase? DidYouMean(string name, IEnumerable<string> known) =>
        NearestName.Find(name, known) is { } nearest ? Phrase.Of($"did you mean '{nearest}'?") : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Time();
}
