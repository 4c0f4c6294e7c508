using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>The pieces that schemas are put together of, with texts for people in one language or several.</summary>
internal sealed class SchemaPieces(IReadOnlyList<Translation> languages)
{
    // As the readers of durations, limits and names take them; \p{…} is understood by editors as well.
    private const string Length = "(?=[0-9])([0-9]{1,15}d)?([0-9]{1,15}h)?([0-9]{1,15}m)?([0-9]{1,15}s)?";

    private static string[] Scalars => ["string", "number", "boolean"];

    /// <summary>A duration such as <c>1h30m</c>.</summary>
    public JsonObject Duration() => Explained($"^{Length}$", "A duration has a unit: 30s, 5m, 2h, 7d, 1h30m");

    /// <summary>A duration or a range of two.</summary>
    public JsonObject Range() => Explained($@"^{Length}( *\.\. *{Length})?$", "A duration has a unit: 30s, 5m, 2h, 7d, 1h30m; a range is written 1m..5m");

    /// <summary>A budget such as <c>60 per 1h</c>.</summary>
    public JsonObject Budget() => Explained($"^[1-9][0-9]{{0,8}} +per +{Length}$", "A budget is written 60 per 1h");

    /// <summary>A limit such as <c>1 per user per day</c>.</summary>
    public JsonObject Limit(IEnumerable<string> keys, IEnumerable<string> units)
    {
        var key = $@"({string.Join('|', keys)}|\(.*\))";
        var limit = Explained(
            $"^(once +per +{key}|[1-9][0-9]{{0,6}}( +per +{key})? +per +({string.Join('|', units)}|{Length}))$",
            "A limit is written 1 per user per day, 10 per hour, 1 per (expression) per 7d, or once per user");
        limit["examples"] = Names(["1 per user per day", "10 per hour", "once per user"]);
        return limit;
    }

    /// <summary>A choice by the name that editors show for it.</summary>
    public static JsonObject Titled(string title, JsonObject schema)
    {
        schema.Insert(0, "title", title);
        return schema;
    }

    /// <summary>A text in all languages, one below the other. What a language has no text for is told in English alone.</summary>
    public string Say(string text) => string.Join('\n', languages.Select(language => EditorTexts.Say(text, language)).Distinct(StringComparer.Ordinal));

    /// <summary>A schema with a text for people.</summary>
    public JsonObject Told(string doc, JsonObject schema)
    {
        var told = new JsonObject { ["description"] = Say(doc) };
        foreach (var (key, value) in schema.ToArray())
        {
            schema.Remove(key);
            told[key] = value;
        }

        return told;
    }

    /// <summary>Whatever is written without structure: <c>5</c> and <c>true</c> are texts, too, until a key says what it takes.</summary>
    public static JsonObject Text() => new() { ["type"] = Names(Scalars) };

    /// <summary>A text of a certain form, which may look like a number.</summary>
    public static JsonObject Text(string pattern) => new() { ["type"] = Names(Scalars), ["pattern"] = pattern };

    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    public static JsonObject Boolean() => new() { ["type"] = "boolean" };

    public static JsonObject Word(IEnumerable<string> words) => new() { ["enum"] = Names(words) };

    /// <summary>Words with a text for each.</summary>
    public JsonObject Words(IEnumerable<(string Word, string Doc)> words) => new()
    {
        ["enum"] = Names(words.Select(word => word.Word)),
        ["enumDescriptions"] = Names(words.Select(word => Say(word.Doc))),
    };

    public static JsonObject Any() => [];

    public static JsonObject Ref(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    public static JsonObject List(JsonObject entry, int least = 0) => least == 0
        ? new() { ["type"] = "array", ["items"] = entry }
        : new() { ["type"] = "array", ["items"] = entry, ["minItems"] = least };

    public static JsonObject OneOf(params ReadOnlySpan<JsonObject> schemas)
    {
        var choices = new JsonArray();
        foreach (var schema in schemas)
        {
            choices.Add(schema);
        }

        return new() { ["anyOf"] = choices };
    }

    /// <summary>One, or a list of at least one.</summary>
    public static JsonObject OneOrMany(JsonObject one) => OneOf(one, List((JsonObject)one.DeepClone(), least: 1));

    /// <summary>A mapping that has these keys and no others.</summary>
    public static JsonObject Mapping(IEnumerable<KeyValuePair<string, JsonObject>> properties, params string[] required) => new(
    [
        KeyValuePair.Create("type", (JsonNode?)"object"),
        KeyValuePair.Create("properties", (JsonNode?)new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value)))),
        .. required.Length == 0 ? [] : (KeyValuePair<string, JsonNode?>[])[KeyValuePair.Create("required", (JsonNode?)Names(required))],
        KeyValuePair.Create("additionalProperties", (JsonNode?)false),
    ]);

    /// <summary>A mapping whose keys are given freely.</summary>
    public static JsonObject Named(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    /// <summary>A mapping with the keys of a table.</summary>
    public JsonObject Mapping(IReadOnlyList<KeyRow> rows, Func<string, JsonObject> schemaOf, params string[] required) =>
        Mapping(rows.Select(row => KeyValuePair.Create(row.Name, Told(row.Doc, schemaOf(row.Name)))), required);

    // What editors tell where a text has another form, instead of the pattern.
    private JsonObject Explained(string pattern, string message)
    {
        var schema = Pattern(pattern);
        (schema["patternErrorMessage"], schema["errorMessage"]) = (Say(message), Say(message));
        return schema;
    }

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
