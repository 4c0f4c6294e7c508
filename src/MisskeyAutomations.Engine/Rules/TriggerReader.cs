using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads one entry of <c>on:</c>.</summary>
internal sealed partial class TriggerReader(Reading reading, TimeZoneInfo ruleZone)
{
    private static readonly string[] CronKeys = KeyTable.OfCron.Names();
    internal static readonly string[] Missed = ["skip", "once"];
    internal static readonly string[] Timelines = ["home", "local"];
    private static readonly string[] FirstKeys = ["cron", .. EventTypes.Places.Select(place => place.Key), "type"];
    private static readonly Dictionary<string, Shape> NoVariables = new(StringComparer.Ordinal);

    /// <summary>How triggers are written, for hints.</summary>
    public const string Example = "write on: followed, or on: [mention, reply]";

    /// <summary>The event type, and the schedule where it is the clock's; null after having reported what is wrong.</summary>
    public (EventType Type, CronTrigger? Cron)? Read(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsNull: false } word:
                return ReadWord(word) is { } type ? (type, null) : null;
            case SourceNode.Mapping mapping:
                return ReadMapping(mapping);
            default:
                reading.ReportWrongKind("on", "a trigger or a list of triggers", node, Example);
                return null;
        }
    }

    private EventType? ReadWord(SourceNode.Scalar word)
    {
        if (EventTypes.Find(word.Text) is { } type)
        {
            return type;
        }

        reading.Report(RuleDiagnostics.UnknownTrigger.At(word, Excerpt.Of(word.Text)) with
        {
            Hint = HintFor(word.Text),
            Note = Supported(),
        });
        return null;
    }

    private static Phrase HintFor(string word)
    {
        if (word is "cron" or "schedule" || CronLike().IsMatch(word))
        {
            return $"write {{ cron: \"{(word is "cron" or "schedule" ? "0 8 * * *" : word)}\" }}";
        }

        string[] several = word.Split(['，', '、', '､']);
        if (several.Length > 1 && several.All(one => EventTypes.Find(one.Trim(' ', '　', '［', '］')) is not null))
        {
            return $"separate them with ',': [{string.Join(", ", several.Select(one => one.Trim(' ', '　', '［', '］')))}]";
        }

        if (word is ['［', ..] && Reading.Narrow(word) is { } narrow)
        {
            return Reading.InOrdinaryWidth(narrow);
        }

        return EventTypes.Places.FirstOrDefault(place => place.Key == word) is { } place ? Phrase.Of($"write {{ {place.Key}: … }} with {(Phrase)place.Takes}")
            : Reading.DidYouMean(word, EventTypes.All.Select(known => known.Name), Synonyms.Triggers) ?? "any other webhook type is written { type: NAME }";
    }

    // { event: mention }, { mention: … } and { schedule: … } are how others write triggers.
    private static Phrase? HintFor(SourceEntry entry)
    {
        var trigger = EventTypes.Find(entry.Name)?.Name ?? (entry.Value is SourceNode.Scalar { IsNull: false } word ? EventTypes.Find(word.Text)?.Name : null);
        return trigger is not null ? Phrase.Of($"write on: {trigger}")
            : entry.Name is "schedule" or "time" or "at" or "every" ? Phrase.Of("write { cron: \"0 8 * * *\" }") : null;
    }

    private (EventType Type, CronTrigger? Cron)? ReadMapping(SourceNode.Mapping mapping)
    {
        var first = FirstKeys.FirstOrDefault(key => mapping.Find(key) is not null);
        string[] known = first switch { null => FirstKeys, "cron" => CronKeys, _ => [first] };
        foreach (var entry in mapping.Entries.Where(entry => !known.Contains(entry.Name)))
        {
            if (first is null && HintFor(entry) is { } hint)
            {
                reading.Report(RuleDiagnostics.UnknownKey.At(entry.Key, Phrase.Of("a trigger"), Excerpt.Of(entry.Name)) with { Hint = hint, Note = $"keys: {string.Join(", ", known)}" });
                continue;
            }

            reading.ReportUnknownKey(entry.Key, "a trigger", known);
        }

        return first switch
        {
            null => null,
            "cron" => ReadCron(mapping) is { } cron ? (EventTypes.Cron, cron) : null,
            "type" => ReadType(mapping.Find("type")!.Value) is { } type ? (type, null) : null,
            _ => ReadPlace(first, mapping.Find(first)!) is { } place ? (place, null) : null,
        };
    }

    private CronTrigger? ReadCron(SourceNode.Mapping mapping)
    {
        var zone = mapping.Find("timezone") is { } named ? TimeZones.Read(reading, named.Value) : ruleZone;
        var makesUp = mapping.Find("missed") is { } missed && ReadMissed(missed.Value);
        return reading.ReadText("cron", mapping.Find("cron")!.Value, "a cron expression such as \"0 8 * * *\"") is { } text
            && new CronReader(reading).Read(text) is var (schedule, expression) && zone is not null
                ? new(expression, schedule, zone, makesUp) : null;
    }

    private bool ReadMissed(SourceNode node)
    {
        if (reading.ReadText("missed", node, Words.Or(Missed)) is { } word && !Missed.Contains(word.Text, StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(word, "missed", Words.Or(Missed), Excerpt.Of(word.Text)) with { Hint = Reading.DidYouMean(word.Text, Missed) });
        }

        return node is SourceNode.Scalar { Text: "once" };
    }

    private EventType? ReadType(SourceNode node)
    {
        if (reading.ReadText("type", node, "the name of a webhook type") is not { } name)
        {
            return null;
        }

        if (name.Text.Length > 100)
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("a webhook type")) with { Hint = "at most 100 characters" });
            return null;
        }

        return EventTypes.Find(name.Text) ?? new EventType(name.Text, "a webhook of this type", NoVariables);
    }

    private EventType? ReadPlace(string place, SourceEntry entry)
    {
        Phrase takes = EventTypes.Places.Single(known => known.Key == place).Takes;
        if (reading.ReadText(place, entry.Value, takes) is not { } name)
        {
            return null;
        }

        if (place == "timeline" && !Timelines.Contains(name.Text, StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(name, "timeline", takes, Excerpt.Of(name.Text)) with { Hint = Reading.DidYouMean(name.Text, Timelines) });
            return null;
        }

        if (place == "hashtag" && name.Text is ['#' or '＃', ..])
        {
            reading.Report(TriggerDiagnostics.TagWithSign.At(name) with { Hint = $"write {name.Text[1..]}" });
            return null;
        }

        if (name.Text.Length > 100 || string.IsNullOrWhiteSpace(name.Text))
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of($"what '{place}' takes")) with { Hint = $"{takes}, at most 100 characters" });
            return null;
        }

        // Misskey keeps tags in lower case.
        return EventTypes.At(place, place == "hashtag" ? name.Text.ToLowerInvariant() : name.Text);
    }

    [GeneratedRegex(@"^[0-9*/,-]+( [0-9A-Za-z*/,-]+){4}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex CronLike();

    private static Phrase Supported() =>
        $"triggers: {string.Join(", ", EventTypes.All.Select(type => type.Name).Concat(FirstKeys.Select(key => $"{{ {key}: … }}")))}";
}
