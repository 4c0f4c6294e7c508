using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Reads <c>given:</c>: what happens in a test.</summary>
internal sealed class GivenReader(RuleSet rules, Func<string, string, string?>? readFile, DiagnosticBag diagnostics)
{
    private static readonly Phrase Example = "one event such as { followed: { user: { username: mei } } }, `cron: RULE`, `file: PATH` or `pass: 1h`";

    internal static readonly string[] PlaceFields = ["user", "note"];

    /// <summary>The key beside an event of somebody whom the account has muted.</summary>
    internal const string Muted = "muted";

    /// <summary>What happens, in order.</summary>
    /// <param name="node">The value; null where it is missing, which was told already.</param>
    /// <param name="at">When the test begins.</param>
    /// <param name="hasAt">Whether the test says so itself.</param>
    public IReadOnlyList<Given> Read(SourceNode? node, DateTimeOffset at, bool hasAt) => node switch
    {
        null => [],
        SourceNode.Sequence list => [.. list.Entries.Select(entry => ReadOne(entry, at, hasAt)).OfType<Given>()],
        _ => ReadOne(node, at, hasAt) is { } given ? [given] : [],
    };

    /// <summary>What a test can say of an event.</summary>
    public static string[] Takes(EventType type) => type.Variables.Count == 0 ? ["body"] : type.Name == "reportAutoResolved" ? ["report"]
        : type.Variables.ContainsKey("report") ? ["user", "report"]
        : type.Name == "reaction" ? ["user", "note", "reaction"]
        : type.HasNote ? ["user", "note"] : ["user"];

    private Given? ReadOne(SourceNode node, DateTimeOffset at, bool hasAt)
    {
        if (WithoutMuted(node, out var muted) is not { Entries: [var first, ..] } mapping || (mapping.Entries.Count > 1 && !IsPlace(first)))
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, "given", Example));
            return null;
        }

        if (muted is not null && first.Name is "pass" or "cron")
        {
            RefuseStrangers([muted], [first.Name], Phrase.Of($"'{first.Name}'"));
            return null;
        }

        Given? given = first.Name switch
        {
            "pass" => ReadPass(first.Value),
            "cron" => ReadCron(first, hasAt),
            "file" => ReadRecorded(first.Value),
            _ when IsPlace(first) => ReadPlace(mapping, first, at),
            _ => ReadEvent(first, at),
        };
        return given is Given.Happens happens && muted is not null ? happens with { IsMuted = ReadMuted(muted.Value) } : given;
    }

    // It stands beside any event: it is nothing that Misskey tells.
    private static SourceNode.Mapping? WithoutMuted(SourceNode node, out SourceEntry? muted)
    {
        var mapping = node as SourceNode.Mapping;
        muted = mapping?.Find(Muted);
        return muted is null ? mapping : mapping! with { Entries = [.. mapping.Entries.Where(entry => entry.Name != Muted)] };
    }

    private bool ReadMuted(SourceNode node)
    {
        if (node is not SourceNode.Scalar { Text: "true" or "false" } word)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, Muted, Phrase.Of("true or false")));
            return false;
        }

        return word.Text == "true";
    }

    private Given.Happens? ReadEvent(SourceEntry entry, DateTimeOffset at)
    {
        if (EventTypes.Find(entry.Name) is not { } type)
        {
            diagnostics.Add(RuleTestDiagnostics.UnknownEvent.At(entry.Key, new(0, entry.Name.Length), entry.Name) with
            {
                Hint = RuleTestReader.DidYouMean(entry.Name, EventTypes.All.Select(known => known.Name)),
            });
            return null;
        }

        var known = Takes(type);
        if (entry.Value is not SourceNode.Mapping happening)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(entry.Value.Source, entry.Value.Span, type.Name, Phrase.Of($"a mapping with {Words.And(known)}")));
            return null;
        }

        RefuseStrangers(happening.Entries, known, Phrase.Of($"event '{type.Name}'"));
        var note = happening.Find("note")?.Value as SourceNode.Mapping;
        var answersAsked = type.Name == "reply" && note?.Find("reply") is null && note?.Find("replyId") is null;
        return GivenEvents.Happening(type, (JsonObject)SourceJson.Read(happening)!, at) with { AnswersAsked = answersAsked };
    }

    private Given.Happens? ReadPlace(SourceNode.Mapping mapping, SourceEntry place, DateTimeOffset at)
    {
        if (place.Value is not SourceNode.Scalar { IsNull: false } name)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(place.Value.Source, place.Value.Span, place.Name, Phrase.Of("what the rule has there under 'on', with user and note beside it")));
            return null;
        }

        RefuseStrangers(mapping.Entries.Skip(1), PlaceFields, Phrase.Of($"'{place.Name}'"));
        var given = (JsonObject)SourceJson.Read(mapping)!;
        var trigger = EventTypes.At(place.Name, place.Name == "hashtag" ? name.Text.ToLowerInvariant() : name.Text).Name;
        return new("note", GivenEvents.PassingNote(given, at).ToJsonString()) { Source = "streaming", Place = trigger };
    }

    private Given.Happens? ReadCron(SourceEntry entry, bool hasAt)
    {
        var name = (entry.Value as SourceNode.Scalar)?.Text ?? "";
        if (rules.Find(name) is not { Crons.Count: > 0 })
        {
            var rings = rules.Rules.Where(rule => rule.Crons.Count > 0).Select(rule => rule.Name).ToArray();
            var exists = rules.Find(name) is not null;
            diagnostics.Add((exists
                ? RuleTestDiagnostics.NotOfClock.At(entry.Value.Source, entry.Value.Span, name)
                : RuleTestDiagnostics.UnknownRule.At(entry.Value.Source, entry.Value.Span, name)) with
            {
                Hint = RuleTestReader.DidYouMean(name, rings) ?? (exists ? Phrase.Of("give the event that starts it") : null),
            });
            return null;
        }

        if (!hasAt)
        {
            diagnostics.Add(RuleTestDiagnostics.MissingKey.At(entry.Key, new(0, entry.Name.Length), "at") with { Hint = "say when it rings: at: \"2026-05-01T08:00:00+09:00\"" });
            return null;
        }

        return new("cron", "{}") { Source = "cron", ForRule = name };
    }

    private Given.Happens? ReadRecorded(SourceNode node)
    {
        if (node is not SourceNode.Scalar { IsNull: false } path)
        {
            diagnostics.Add(RuleTestDiagnostics.WrongKind.At(node.Source, node.Span, "file", Phrase.Of("the path of a recorded webhook, from this file")));
            return null;
        }

        if (readFile?.Invoke(node.Source.Path, path.Text) is not { } text)
        {
            diagnostics.Add(RuleTestDiagnostics.UnreadableFile.At(node.Source, node.Span, path.Text, Phrase.Of("there is no such file, or it cannot be read")) with { Hint = "the path is relative to the rule file" });
            return null;
        }

        try
        {
            var envelope = JsonNode.Parse(text) as JsonObject;
            if (envelope?["bodyText"] is JsonValue inner)
            {
                envelope = JsonNode.Parse(inner.GetValue<string>()) as JsonObject;
            }

            if (envelope?["type"] is JsonValue type && envelope["body"] is JsonObject body && type.TryGetValue<string>(out var name))
            {
                return new(name, body.ToJsonString()) { Recorded = envelope.ToJsonString() };
            }

            diagnostics.Add(RuleTestDiagnostics.UnreadableFile.At(node.Source, node.Span, path.Text, Phrase.Of("it has no 'type' and 'body'")) with { Hint = "it holds what Misskey posts, or a record with that text as 'bodyText'" });
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            diagnostics.Add(RuleTestDiagnostics.UnreadableFile.At(node.Source, node.Span, path.Text, Phrase.Of("it is no JSON")));
        }

        return null;
    }

    private Given.Passes? ReadPass(SourceNode node)
    {
        if (node is SourceNode.Scalar scalar && Durations.Parse(scalar.Text) is { } length)
        {
            return new(length);
        }

        diagnostics.Add(RuleTestDiagnostics.InvalidTime.At(node.Source, node.Span, "pass", Phrase.Of("duration")) with { Hint = "durations: 30s, 5m, 2h, 7d, 1h30m" });
        return null;
    }

    private void RefuseStrangers(IEnumerable<SourceEntry> entries, string[] known, Phrase owner)
    {
        foreach (var entry in entries.Where(entry => !known.Contains(entry.Name)))
        {
            diagnostics.Add(RuleTestDiagnostics.UnknownKey.At(entry.Key, new(0, entry.Name.Length), owner, entry.Name) with
            {
                Hint = $"it takes {Words.And(known)}",
            });
        }
    }

    private static bool IsPlace(SourceEntry entry) => EventTypes.Places.Any(place => place.Key == entry.Name);
}
