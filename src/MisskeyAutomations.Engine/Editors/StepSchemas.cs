using System.Diagnostics;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using static MisskeyAutomations.Engine.Editors.SchemaPieces;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>The schemas of steps, from the tables of steps and of those that steer.</summary>
internal sealed class StepSchemas(SchemaPieces pieces, IReadOnlyList<ActionDescriptor> actions)
{
    /// <summary>Any step. The word <c>stop</c> needs no colon.</summary>
    public JsonObject Step() => OneOf(
    [
        pieces.Words([("stop", KeyTable.OfFlow.Single(row => row.Name == "stop").Doc)]),
        .. actions.Select(Call),
        .. KeyTable.OfFlow.Select(Flow),
    ]);

    /// <summary>Steps: a list, or a single one without its dash.</summary>
    public static JsonObject Steps() => OneOrMany(Ref("step"));

    private JsonObject Call(ActionDescriptor action)
    {
        var properties = new List<KeyValuePair<string, JsonObject>> { KeyValuePair.Create(action.Name, pieces.Told(action.Doc, Value(new(action.Name, action.Main, ""), action))) };
        properties.AddRange(action.Options.Select(option => KeyValuePair.Create(option.Name, pieces.Told(option.Doc, Value(option, action)))));
        properties.AddRange(KeyTable.OfEveryStep.Where(row => IsFor(row.Name, action)).Select(row => KeyValuePair.Create(row.Name, pieces.Told(row.Doc, Common(row.Name, action)))));
        return Titled(action.Name, Mapping(properties, [action.Name, .. action.Options.Where(option => option.IsRequired).Select(option => option.Name)]));
    }

    private static bool IsFor(string option, ActionDescriptor action) => option switch
    {
        "as" => action.Gives is not null,
        "delivery" => action.Assurances.Count > 0,
        _ => true,
    };

    private static JsonObject Common(string option, ActionDescriptor action) => option switch
    {
        "as" => Text(),
        "delivery" => Word(action.Assurances.Select(allowed => Language.Assurances[(int)allowed])),
        _ => Boolean(),
    };

    private JsonObject Value(Parameter parameter, ActionDescriptor action) => parameter.Type switch
    {
        ParameterType.Text or ParameterType.Reaction => Text(),
        ParameterType.User or ParameterType.Note => Ref("expression"),
        ParameterType.Users or ParameterType.Files => OneOrMany(Ref("expression")),
        ParameterType.Visibility => Word(Language.Visibilities),
        ParameterType.Boolean => Boolean(),
        ParameterType.Duration => pieces.Duration(),
        ParameterType.Poll => pieces.Mapping(KeyTable.OfPoll, Poll, "choices"),
        ParameterType.Json => Any(),
        ParameterType.Endpoint => Endpoint(action.Endpoints),
        ParameterType.Word => parameter.Words is [] ? Text() : Word(parameter.Words),
        ParameterType.Address => new JsonObject { ["type"] = "string", ["pattern"] = @"^([Hh][Tt][Tt][Pp][Ss]?://|\$\{)", ["examples"] = Names(["https://"]) },
        ParameterType.Headers => Named(Text()),
        _ => throw new UnreachableException(),
    };

    private JsonObject Poll(string key) => key switch
    {
        "choices" => OneOf(List(Text(), least: 2), Pattern(@"\$\{")),
        "multiple" => OneOf(Boolean(), Pattern(@"\$\{")),
        _ => OneOf(pieces.Duration(), Pattern(@"\$\{")),
    };

    // The known ones are offered, those that the configuration must open last; servers may have others.
    private static JsonObject Endpoint(EndpointCatalogue? catalogue) => OneOf(
        Word((catalogue?.Names ?? []).Where(name => catalogue!.Refusal(name) is null)
            .OrderBy(name => catalogue!.NeedsAdmin(name)).ThenBy(name => name, StringComparer.Ordinal)),
        Pattern("^[a-z0-9-]+(/[a-z0-9-]+)*$"));

    private JsonObject Flow(FlowRow row)
    {
        var value = row.Name switch
        {
            "if" => Ref("condition"),
            "for-each" => Pattern(@"\s+in\s+"),
            "wait" => OneOf(pieces.Range(), Pattern(@"\$\{")),
            "wait-until" => Pattern(@"^([0-9]{1,2}:[0-9]{2}|[0-9]{4}-.*)|\$\{"),
            "wait-for" => Word(["reply"]),
            "set" => Named(Any()),
            "stop" => new JsonObject { ["type"] = "null" },
            _ => throw new UnreachableException(row.Name),
        };
        var options = row.Options.Select(option => KeyValuePair.Create(option.Name, pieces.Told(option.Doc, FlowOption(option.Name))));
        string[] required = row.Name switch { "if" => ["then"], "for-each" => ["do"], "wait-for" => ["within"], _ => [] };
        return Titled(row.Name, Mapping(options.Prepend(KeyValuePair.Create(row.Name, pieces.Told(row.Doc, value))), [row.Name, .. required]));
    }

    private JsonObject FlowOption(string option) => option switch
    {
        "then" or "else" or "do" => Steps(),
        "within" or "expires" => pieces.Duration(),
        "per" => Word(StateKey.Scopes),
        "as" => Text(),
        _ => Boolean(),
    };
}
