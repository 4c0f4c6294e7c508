using System.Diagnostics;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Functions;
using MisskeyAutomations.Engine.Rules;
using static MisskeyAutomations.Engine.Editors.SchemaPieces;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>The schemas of rules, triggers, conditions, lists and defaults, from the tables of keys and events.</summary>
internal sealed class RuleSchemas(SchemaPieces pieces)
{
    // Editors read patterns as JavaScript does with its flag u.
    private const string Name = @"^[\p{L}\p{M}\p{N}-]{1,100}$";
    private const string Account = @"^[\p{L}\p{M}\p{N}._-]{1,100}$";
    private const string ListName = @"^[\p{L}_][\p{L}\p{M}\p{N}_]{0,99}$";

    public JsonObject Rule() => pieces.Mapping(KeyTable.OfRule, OfRule, "name", "on", "do");

    public JsonObject Condition() => OneOf(
        Ref("expression"), List(Ref("condition"), least: 1), pieces.Mapping(KeyTable.OfCondition, _ => Ref("condition")));

    public JsonObject Expression()
    {
        var schema = pieces.Told("An expression, such as contains(note.said, 'hello') and not user.isBot", Text());
        schema["description"] = $"{schema["description"]}\n\n{string.Join(", ", FunctionTable.All.Select(function => function.Signature))}";
        return schema;
    }

    public JsonObject Trigger() => OneOf(
    [
        pieces.Words(EventTypes.All.Select(type => (type.Name, type.Doc))),
        Titled("cron", pieces.Mapping(KeyTable.OfCron, OfCron, "cron")),
        .. EventTypes.Places.Select(place => Titled(place.Key, Mapping([KeyValuePair.Create(place.Key, pieces.Told(place.Doc, Place(place.Key)))], place.Key))),
        Titled("type", Mapping([KeyValuePair.Create("type", pieces.Told("Any other webhook of this type; its content is in body", Text()))], "type")),
    ]);

    public static JsonObject Place(string key) => key == "timeline" ? Word(TriggerReader.Timelines) : Text();

    public JsonObject Limit() => OneOf(
        pieces.Limit(LimitReader.Keys.Keys, LimitReader.Units.Keys),
        pieces.Mapping(KeyTable.OfLimit, OfLimit, "max", "within"));

    public JsonObject Defaults() => pieces.Mapping(KeyTable.OfDefaults, key => key switch
    {
        "timezone" => TimeZone(),
        "visibility" => Word(Language.Visibilities),
        "budget" => Mapping(Budget.Standard.Keys.Select(name => KeyValuePair.Create(name, pieces.Budget()))),
        "replies" => pieces.Mapping(KeyTable.OfReplies, _ => pieces.Budget()),
        _ => throw new UnreachableException(key),
    });

    public JsonObject Lists() => new()
    {
        ["type"] = "object",
        ["patternProperties"] = new JsonObject
        {
            [ListName] = OneOf(
                List(Text()),
                Mapping([KeyValuePair.Create("file", pieces.Told("A file with one value a line: its path, from this file", Text()))], "file")),
        },
        ["additionalProperties"] = false,
    };

    private static JsonObject TimeZone() => new() { ["type"] = "string", ["examples"] = Names(["Asia/Tokyo", "Europe/Berlin", "UTC"]) };

    private JsonObject OfRule(string key) => key switch
    {
        "name" or "group" => Text(Name),
        "description" => Text(),
        "account" => OneOrMany(Text(Account)),
        "enabled" => OneOf(new JsonObject { ["enum"] = new JsonArray(true, false, "dry-run") }, Pattern("^(true|false)$")),
        "on" => OneOrMany(Ref("trigger")),
        "timezone" => TimeZone(),
        "include" => OneOf(Word(RuleListReader.Inclusion), List(Word(RuleListReader.Inclusion))),
        "let" => Named(Ref("expression")),
        "when" => Ref("condition"),
        "overlap" => new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = $"^({string.Join('|', OverlapReader.Modes.Keys)})( +per +({string.Join('|', OverlapReader.Keys)}))?$",
            ["examples"] = Names([.. OverlapReader.Modes.Keys, .. OverlapReader.Modes.Keys.Skip(1).SelectMany(mode => OverlapReader.Keys.Select(per => $"{mode} per {per}"))]),
        },
        "limit" => OneOrMany(Ref("limit")),
        "after" => pieces.Range(),
        "late" => pieces.Duration(),
        "do" or "else" or "on-error" => StepSchemas.Steps(),
        _ => throw new UnreachableException(key),
    };

    private static JsonObject OfCron(string key) => key switch
    {
        "cron" => new JsonObject { ["type"] = "string", ["examples"] = Names(["0 8 * * *"]) },
        "timezone" => TimeZone(),
        _ => Word(TriggerReader.Missed),
    };

    private JsonObject OfLimit(string key) => key switch
    {
        "max" => OneOf(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, Pattern("^[0-9]+$")),
        "per" => new JsonObject { ["type"] = "string", ["pattern"] = $@"^({string.Join('|', LimitReader.Keys.Keys)}|\(.*\))$", ["examples"] = Names(LimitReader.Keys.Keys) },
        "within" => OneOf(Word(LimitReader.Units.Keys), pieces.Duration()),
        _ => OneOf(Word(["skip", "delay"]), List(Ref("step"), least: 1), new JsonObject { ["type"] = "object", ["allOf"] = new JsonArray(Ref("step")) }),
    };
}
