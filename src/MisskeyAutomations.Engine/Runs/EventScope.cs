using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Makes the variables of an event: <c>user note reaction report me event now body</c>.</summary>
public static class EventScope
{
    /// <summary>A scope in which the conditions and texts of a rule set see the event.</summary>
    public static Scope Create(Event happening, RuleSet rules, DateTimeOffset now, double? die = null)
    {
        var marks = MarksOf(happening);
        var scope = new Scope
        {
            Server = happening.Server,
            Now = now,
            TimeZone = ZoneOf(happening, rules),
            Lists = rules.Lists,
            Die = die,
            ["body"] = Read(happening.Body, marks),
            ["now"] = Value.Of(Iso(now)),
            ["event"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal)
            {
                ["type"] = Value.Of(happening.Type),
                ["id"] = Value.Of(happening.Id),
                ["createdAt"] = Value.Of(Iso(happening.CreatedAt)),
                ["source"] = Value.Of(happening.Source),
            })),
        };

        if (happening.MeId is { } me)
        {
            scope["me"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["id"] = Value.Of(me) }));
        }

        if (happening.Note is { } note)
        {
            scope["note"] = Read(note, marks);
        }

        if (happening.Report is { } report)
        {
            scope["report"] = Read(report, marks);
        }

        if (happening.Reaction is { } reaction)
        {
            scope["reaction"] = Value.Of(reaction);
        }

        if ((happening.User ?? happening.Note?.FindObject("user")) is { } user)
        {
            scope["user"] = Read(user, ValueMarks.None);
        }

        return scope;
    }

    /// <summary>What is true of a note or person may have changed during a wait: both are read again at their next use.</summary>
    public static void ReadAgain(Scope scope, Event happening)
    {
        if (happening.Note?.GetText("id") is { } noteId)
        {
            scope.ReadAgain("note", new(LookupKind.NoteShow, noteId), MarksOf(happening));
        }

        if (happening.User?.GetText("id") is { } userId)
        {
            scope.ReadAgain("user", new(LookupKind.UserShow, userId), ValueMarks.None);
        }
    }

    /// <summary>Text of a note that not everybody may read keeps that mark; a report is for moderators' eyes.</summary>
    public static ValueMarks MarksOf(Event happening) =>
        happening.Visibility == "public" && happening.Report is null ? ValueMarks.None : ValueMarks.Private;

    /// <summary>
    /// What a step's answer is marked with. An endpoint of the rule's choice can answer with notes and messages that have nothing to do
    /// with the event: where it holds one that not everybody may read, it is private, and nobody knows whose, unless it is the event's own note.
    /// </summary>
    public static ValueMarks MarksOf(Event happening, ActionDescriptor action, JsonElement answer) =>
        action.Main != ParameterType.Endpoint || !HoldsPrivate(answer) ? MarksOf(happening)
        : answer.ValueKind == JsonValueKind.Object && answer.GetText("id") is { } id && id == happening.Note?.GetText("id") ? ValueMarks.Private
        : ValueMarks.Private | ValueMarks.Foreign;

    /// <summary>An event's part of the seed of dice: the same on every machine and after every restart.</summary>
    public static ulong SeedOf(Event happening) => Mix(Mix(14695981039346656037, happening.Account), happening.Id);

    /// <summary>The seed of a rule's dice for an event: the same for every check of the same rule and event.</summary>
    public static ulong SeedOf(ulong ofEvent, string rule) => Mix(ofEvent, rule);

    // Notes say who may read them; messages of a chat say whom they are for.
    internal static bool HoldsPrivate(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Array => answer.EnumerateArray().Any(HoldsPrivate),
        JsonValueKind.Object => answer.EnumerateObject().Any(property => property switch
        {
            { Name: "visibility", Value.ValueKind: JsonValueKind.String } => !property.Value.ValueEquals("public"),
            { Name: "toUserId" or "toRoomId", Value.ValueKind: JsonValueKind.String } => true,
            _ => HoldsPrivate(property.Value),
        }),
        _ => false,
    };

    // FNV-1a, 64 bits: stable across processes, unlike string.GetHashCode, and far cheaper than a cryptographic hash.
    private static ulong Mix(ulong hash, string text)
    {
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211;
        }

        return (hash ^ '/') * 1099511628211;
    }

    // A rule that rings at eight in Tokyo writes Tokyo's date; one that goes by several clocks must be content with the defaults.
    private static TimeZoneInfo ZoneOf(Event happening, RuleSet rules) =>
        happening.ForRule is { } name && rules.Find(name) is { } rule ? rule.ZoneOf(isClock: true, rules.Defaults) : rules.Defaults.TimeZone;

    private static Value Read(JsonElement json, ValueMarks marks) =>
        json.ValueKind == JsonValueKind.Undefined ? Value.Null : Value.From(json, marks);

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
