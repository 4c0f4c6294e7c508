using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>api: ENDPOINT</c>.</summary>
internal sealed class ApiAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "api",
        Doc = "Calls any endpoint of Misskey's API.",
        Main = ParameterType.Endpoint,
        Options =
        [
            new("with", ParameterType.Json, "The endpoint's parameters, a mapping."),
            new("unlisted", ParameterType.Boolean, "The server has an endpoint of this name, although Misskey 2025.4 lacks it."),
        ],
        Repeat = Repeat.Never,
        Gives = "answer",
        Endpoints = EndpointTraits.Catalogue(allowAdmin: false),
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        var endpoint = input.Main.ToText();
        var parameters = input["with"];
        if (Objection(input, endpoint, parameters) is { } objection)
        {
            return new Preparation.Invalid(objection);
        }

        if (PrivateText.IsHeldBack(input, "with"))
        {
            return PrivateText.Refusal;
        }

        var writesNote = endpoint == NoteDraft.Endpoint;
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = endpoint,
            Body = writesNote ? NoteBody(input, parameters.Map) : PlainBody(parameters.Map),
            Repeat = EndpointTraits.RepeatOf(endpoint),
            Budget = EndpointTraits.BudgetOf(endpoint),
            AnswersUser = writesNote && input.Event.ActorId is { } actor && actor != input.Event.MeId ? actor : null,
            Summary = Summary.Of($"api {endpoint}", parameters.IsNull ? null : parameters.ToText()),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);

    public bool CanLookFor(Intent intent) => NoteSearch.IsPossible(intent);

    public Task<Sighting> LookAsync(Search search, CancellationToken cancellationToken) => misskey.LookForNoteAsync(search, cancellationToken);

    private static string? Objection(ActionInput input, string endpoint, Value parameters)
    {
        if (!EndpointName.IsValid(endpoint))
        {
            return $"This is not the name of an endpoint: {Words.OneLine(endpoint, 40)}.";
        }

        if (EndpointTraits.RefusalOf(endpoint) is { } refusal)
        {
            return $"No rule can call {endpoint}: {refusal}.";
        }

        if (EndpointTraits.NeedsAdmin(endpoint) && !input.Defaults.AllowAdmin)
        {
            return $"{endpoint} changes the account or its server; it needs allow-admin: true in the configuration.";
        }

        if (parameters.Kind is not (ValueKind.Null or ValueKind.Map))
        {
            return "What stands under 'with' is not a mapping.";
        }

        if (parameters.Map?.Entries is not { } entries)
        {
            return null;
        }

        return entries.Where(entry => !entry.Value.IsNull).Select(entry => (entry.Key, Why: EndpointTraits.RefusalOf(endpoint, entry.Key)))
            .FirstOrDefault(entry => entry.Why is not null) is { Why: { } why } refused ? $"A rule cannot give '{refused.Key}': {why}." : null;
    }

    private static string PlainBody(ValueMap? parameters) => RequestBody.Write(json =>
    {
        foreach (var (name, value) in Entries(parameters))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    });

    /// <summary>Notes have the same protection here as everywhere: data is no markup, and nobody is pinged by accident.</summary>
    private static string NoteBody(ActionInput input, ValueMap? parameters)
    {
        var entries = Entries(parameters).ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        entries.TryAdd("visibility", Value.Of(input.Defaults.Visibility));
        var texts = AllTexts(entries.Values).Select(PostText.Of).ToList();
        entries.TryAdd("noExtractMentions", Value.Of(!texts.Exists(text => text.Mentions) || entries["visibility"].Text == "specified"));
        entries.TryAdd("noExtractHashtags", Value.Of(!texts.Exists(text => text.Hashtags)));
        return RequestBody.Write(json =>
        {
            foreach (var (name, value) in entries)
            {
                json.WritePropertyName(name);
                WriteHarmless(json, value);
            }
        });
    }

    private static void WriteHarmless(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Text:
                json.WriteStringValue(PostText.Of(value).Text);
                break;
            case ValueKind.List:
                json.WriteStartArray();
                foreach (var entry in value.List)
                {
                    WriteHarmless(json, entry);
                }

                json.WriteEndArray();
                break;
            case ValueKind.Map:
                json.WriteStartObject();
                foreach (var (name, entry) in Entries(value.Map))
                {
                    json.WritePropertyName(name);
                    WriteHarmless(json, entry);
                }

                json.WriteEndObject();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static IEnumerable<Value> AllTexts(IEnumerable<Value> values) => values.SelectMany(value => value.Kind switch
    {
        ValueKind.Text => [value],
        ValueKind.List => AllTexts(value.List),
        ValueKind.Map => AllTexts(value.Map!.Entries.Values),
        _ => Enumerable.Empty<Value>(),
    });

    /// <summary>In an order that does not depend on how a dictionary keeps them: the same input is the same bytes.</summary>
    private static IEnumerable<(string Name, Value Value)> Entries(ValueMap? map) =>
        (map?.Entries ?? new Dictionary<string, Value>(StringComparer.Ordinal))
            .Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key, StringComparer.Ordinal);
}
