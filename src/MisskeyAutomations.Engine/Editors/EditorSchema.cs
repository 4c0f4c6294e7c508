using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using static MisskeyAutomations.Engine.Editors.SchemaPieces;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>
/// The JSON Schema (draft 7) of rule files, by which editors complete, explain and check them. It is made from the tables that reading
/// is made from. What it refuses, reading refuses too.
/// </summary>
public static class EditorSchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text.</summary>
    /// <param name="actions">The table of steps.</param>
    /// <param name="languages">The languages of the texts for people, which stand below each other.</param>
    public static string Write(IReadOnlyList<ActionDescriptor> actions, IReadOnlyList<Translation> languages)
    {
        var pieces = new SchemaPieces(languages);
        var (rules, steps, tests) = (new RuleSchemas(pieces), new StepSchemas(pieces, actions), new TestSchemas(pieces, actions));
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "MisskeyAutomations",
        };
        var file = pieces.Mapping(KeyTable.OfFile, key => key switch
        {
            "rules" => NoneOrMany(Ref("rule")),
            "tests" => NoneOrMany(Ref("test")),
            "lists" => rules.Lists(),
            _ => rules.Defaults(),
        });
        foreach (var (key, value) in file)
        {
            schema[key] = value?.DeepClone();
        }

        schema["definitions"] = new JsonObject
        {
            ["rule"] = rules.Rule(),
            ["trigger"] = rules.Trigger(),
            ["condition"] = rules.Condition(),
            ["expression"] = rules.Expression(),
            ["limit"] = rules.Limit(),
            ["step"] = steps.Step(),
            ["test"] = tests.Test(),
            ["given"] = tests.Given(),
            ["expected-step"] = tests.ExpectedStep(),
            ["user"] = tests.Object(Schema.User),
            ["note"] = tests.Object(Schema.Note),
            ["report"] = tests.Object(Schema.Report),
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject NoneOrMany(JsonObject entry) => new() { ["type"] = Names(["array", "null"]), ["items"] = entry };
}
