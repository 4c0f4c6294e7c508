using System.Globalization;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Reads the <c>tests:</c> of rule files.</summary>
public sealed class RuleTestReader
{
    private static readonly string[] Keys = ["name", "given", "expect", "at", "state", "lookups"];
    private static readonly string[] LaterKeys = ["random"];
    private static readonly string[] Lookups = ["users/show", "users/relation", "notes/show", "users/lists/list", "clips/list"];
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly DiagnosticBag _diagnostics = new();
    private readonly ExpectationReader _expectations;

    private RuleTestReader(RuleSet rules, IReadOnlyList<ActionDescriptor> actions)
    {
        _expectations = new ExpectationReader(rules, actions, _diagnostics);
    }

    /// <summary>The tests of a reading that are well written, and all findings about the others.</summary>
    /// <param name="reading">A reading without errors.</param>
    /// <param name="actions">The table of steps.</param>
    public static (IReadOnlyList<RuleTest> Tests, IReadOnlyList<Diagnostic> Diagnostics) Read(RuleReading reading, IReadOnlyList<ActionDescriptor> actions)
    {
        var reader = new RuleTestReader(reading.RuleSet!, actions);
        IReadOnlyList<RuleTest> tests = [.. reading.Tests.Select(reader.ReadTest).OfType<RuleTest>()];
        return (tests, reader._diagnostics.Sorted());
    }

    private RuleTest? ReadTest(SourceNode.Mapping node)
    {
        var before = _diagnostics.Items.Count;
        foreach (var entry in node.Entries.Where(entry => !Keys.Contains(entry.Name)))
        {
            _diagnostics.Add(LaterKeys.Contains(entry.Name)
                ? RuleTestDiagnostics.NotYet.At(entry.Key, new(0, entry.Name.Length), entry.Name)
                : RuleTestDiagnostics.UnknownKey.At(entry.Key, new(0, entry.Name.Length), Phrase.Of("a test"), entry.Name) with { Hint = DidYouMean(entry.Name, Keys) });
        }

        var at = ReadAt(node.Find("at"));
        var expectations = _expectations.Read(Required(node, "expect"));
        var givens = ReadGivens(Required(node, "given"), at);
        var name = Required(node, "name") is SourceNode.Scalar { IsNull: false } scalar ? scalar.Text : "";
        var lookups = ReadLookups(node.Find("lookups"));
        var state = ReadState(node.Find("state"));
        return _diagnostics.Items.Count > before ? null : new RuleTest
        {
            Name = name,
            Givens = givens,
            At = at,
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

        if (entry.Value is SourceNode.Scalar scalar
            && DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return at;
        }

        _diagnostics.Add(RuleTestDiagnostics.InvalidTime.At(entry.Value.Source, entry.Value.Span, "at", Phrase.Of("time")) with { Hint = "write it like \"2026-05-01T08:00:00+09:00\"" });
        return DefaultStart;
    }

    private IReadOnlyList<Given> ReadGivens(SourceNode? node, DateTimeOffset at) => node switch
    {
        null => [],
        SourceNode.Sequence list => [.. list.Entries.Select(entry => ReadGiven(entry, at)).OfType<Given>()],
        _ => ReadGiven(node, at) is { } given ? [given] : [],
    };

    private Given? ReadGiven(SourceNode node, DateTimeOffset at)
    {
        if (node is not SourceNode.Mapping { Entries: [var entry] })
        {
            _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, "given", Phrase.Of("one event such as { followed: { user: { username: mei } } }, or `pass: 1h`")));
            return null;
        }

        if (entry.Name == "pass")
        {
            return ReadPass(entry.Value);
        }

        if (entry.Name is "file" or "cron")
        {
            _diagnostics.Add(RuleTestDiagnostics.NotYet.At(entry.Key, new(0, entry.Name.Length), entry.Name));
            return null;
        }

        if (EventTypes.Find(entry.Name) is not { } type)
        {
            _diagnostics.Add(RuleTestDiagnostics.UnknownEvent.At(entry.Key, new(0, entry.Name.Length), entry.Name) with
            {
                Hint = DidYouMean(entry.Name, EventTypes.All.Select(known => known.Name)),
            });
            return null;
        }

        return ReadEvent(type, entry.Value, at);
    }

    private Given.Happens? ReadEvent(EventType type, SourceNode node, DateTimeOffset at)
    {
        string[] known = type.HasNote ? ["user", "note"] : ["user"];
        if (node is not SourceNode.Mapping happening)
        {
            _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, type.Name, Phrase.Of($"a mapping with {Words.And(known)}")));
            return null;
        }

        foreach (var entry in happening.Entries.Where(entry => !known.Contains(entry.Name)))
        {
            _diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(entry.Key, new(0, entry.Name.Length), Phrase.Of($"event '{type.Name}'"), entry.Name) with
            {
                Hint = $"it takes {Words.And(known)}",
            });
        }

        var note = happening.Find("note")?.Value as SourceNode.Mapping;
        var answersAsked = type.Name == "reply" && note?.Find("reply") is null && note?.Find("replyId") is null;
        return new Given.Happens(type.Name, GivenEvents.Body(type.Name, (JsonObject)SourceJson.Read(happening)!, at).ToJsonString(), answersAsked);
    }

    private Given.Passes? ReadPass(SourceNode node)
    {
        if (node is SourceNode.Scalar scalar && Durations.Parse(scalar.Text) is { } length)
        {
            return new(length);
        }

        _diagnostics.Add(RuleTestDiagnostics.InvalidTime.At(node.Source, node.Span, "pass", Phrase.Of("duration")) with { Hint = "durations: 30s, 5m, 2h, 7d, 1h30m" });
        return null;
    }

    private Dictionary<string, string> ReadState(SourceEntry? entry)
    {
        if (entry is null or { Value: SourceNode.Mapping })
        {
            return (entry?.Value as SourceNode.Mapping)?.Entries.ToDictionary(
                kept => kept.Name, kept => SourceJson.Read(kept.Value)?.ToJsonString() ?? "null", StringComparer.Ordinal) ?? [];
        }

        _diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, "state", "a mapping from keys to values"));
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
            if (Lookups.Contains(answer.Name) || WebAnswers.IsAddress(answer.Name))
            {
                answers[answer.Name] = SourceJson.Read(answer.Value)?.ToJsonString() ?? "null";
            }
            else
            {
                _diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(answer.Key, new(0, answer.Name.Length), "lookups", answer.Name) with
                {
                    Hint = DidYouMean(answer.Name, Lookups) ?? $"look-ups: {string.Join(", ", Lookups)}",
                });
            }
        }

        return answers;
    }

    internal static Phrase? DidYouMean(string name, IEnumerable<string> known) =>
        NearestName.Find(name, known) is { } nearest ? Phrase.Of($"did you mean '{nearest}'?") : null;
}
