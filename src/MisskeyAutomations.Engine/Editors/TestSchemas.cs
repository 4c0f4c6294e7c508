using System.Diagnostics;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using static MisskeyAutomations.Engine.Editors.SchemaPieces;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>The schemas of tests in rule files, from the tables of keys, events, steps and gates.</summary>
internal sealed class TestSchemas(SchemaPieces pieces, IReadOnlyList<ActionDescriptor> actions)
{
    public JsonObject Test() => pieces.Mapping(KeyTable.OfTest, OfTest, "name", "given", "expect");

    /// <summary>One thing that happens.</summary>
    public JsonObject Given() => OneOf(
    [
        .. EventTypes.All.Select(type => Titled(type.Name, Mapping([KeyValuePair.Create(type.Name, pieces.Told(type.Doc, Variables(GivenReader.Takes(type)))), Muted()], type.Name))),
        .. KeyTable.OfGiven.Select(row => Titled(row.Name, Mapping([KeyValuePair.Create(row.Name, pieces.Told(row.Doc, row.Name == "pass" ? pieces.Duration() : Text())), .. row.Name == "file" ? (KeyValuePair<string, JsonObject>[])[Muted()] : []], row.Name))),
        .. EventTypes.Places.Select(place => Titled(place.Key, Mapping(
            [KeyValuePair.Create(place.Key, pieces.Told(place.Doc, RuleSchemas.Place(place.Key))), .. GivenReader.PlaceFields.Select(Variable), Muted()], place.Key))),
    ]);

    /// <summary>One step that a test expects. Beside it stand fields of the request, whatever they are.</summary>
    public JsonObject ExpectedStep()
    {
        (string Name, string Doc)[] steps = [.. actions.Select(action => (action.Name, action.Doc)), .. KeyTable.OfFlow.Where(row => row.Name == "set").Select(row => (row.Name, row.Doc))];
        var properties = steps.Select(step => KeyValuePair.Create(step.Name, (JsonNode?)pieces.Told(step.Doc, Any())))
            .Append(KeyValuePair.Create("within", (JsonNode?)pieces.Told("At the latest so long after the event", pieces.Duration())));
        return new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties),
            ["anyOf"] = new JsonArray([.. steps.Select(step => new JsonObject { ["required"] = Names([step.Name]) })]),
        };
    }

    /// <summary>What is known of an object of events: other fields are taken as well.</summary>
    public JsonObject Object(Shape.ObjectShape shape) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(shape.Properties.Values.Where(property => property.Compute is null)
            .Select(property => KeyValuePair.Create(property.Name, (JsonNode?)new JsonObject { ["description"] = pieces.Say(property.Doc) }))),
    };

    private JsonObject OfTest(string key) => key switch
    {
        "name" => Text(),
        "given" => OneOf(Ref("given"), List(Ref("given"))),
        "expect" => Named(Expectation()),
        "at" => Pattern(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$"),
        "state" => Named(Any()),
        "lookups" => new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(Endpoints().Select(name => KeyValuePair.Create(name, (JsonNode?)Any()))),
            ["patternProperties"] = new JsonObject { ["^https?://"] = Any() },
            ["additionalProperties"] = false,
        },
        "random" => OneOf(new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 }, Pattern(@"^[0-9]*\.?[0-9]+$")),
        _ => throw new UnreachableException(key),
    };

    // Those that look-ups ask, then whatever a step may call.
    private IEnumerable<string> Endpoints() => RuleTestReader.Lookups
        .Concat(actions.Select(action => action.Endpoint).OfType<string>()
            .Concat(actions.SelectMany(action => action.Endpoints?.Names ?? [])).Order(StringComparer.Ordinal))
        .Distinct(StringComparer.Ordinal);

    private JsonObject Expectation() => OneOf(
        pieces.Words([("nothing", "The rule does nothing")]),
        List(Ref("expected-step")),
        Mapping(
            [
                KeyValuePair.Create("skipped", pieces.Told("The gate that says no", Word(ExpectationReader.GateNames))),
                KeyValuePair.Create("because", pieces.Told("A part of the reason that the gate gives", Text())),
            ], "skipped"));

    private KeyValuePair<string, JsonObject> Muted() =>
        KeyValuePair.Create(GivenReader.Muted, pieces.Told("Whether the account has muted whoever it comes from", Boolean()));

    private static JsonObject Variables(IEnumerable<string> names) => Mapping(names.Select(Variable));

    private static KeyValuePair<string, JsonObject> Variable(string name) =>
        KeyValuePair.Create(name, name switch { "user" or "note" or "report" => Ref(name), "reaction" => Text(), _ => new JsonObject { ["type"] = "object" } });
}
