using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// Answers look-ups from what a test gives. A field that a rule reads and the test gives nowhere is remembered: the test then fails
/// instead of deciding by a null that nobody meant.
/// </summary>
public sealed class GivenLookups(IReadOnlyDictionary<string, string> answers) : StageLookups
{
    private readonly List<(string Rule, Lookup Lookup)> _missing = [];

    /// <summary>What a rule asked and the test did not give, as endpoint names.</summary>
    public IEnumerable<string> MissingFor(string rule) =>
        _missing.Where(entry => entry.Rule == rule).Select(entry => EndpointOf(entry.Lookup.Kind)).Distinct(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Task<LookupAnswer> AskAsync(string account, Lookup lookup, CancellationToken cancellationToken)
    {
        if (lookup.Kind is LookupKind.OwnLists or LookupKind.OwnClips)
        {
            return Task.FromResult<LookupAnswer>(new LookupAnswer.Found(OwnThings(lookup)));
        }

        if (answers.TryGetValue(EndpointOf(lookup.Kind), out var json))
        {
            var answer = JsonDocument.Parse(json).RootElement;
            return Task.FromResult<LookupAnswer>(answer.ValueKind == JsonValueKind.Null
                ? new LookupAnswer.Refused("the test says so") : new LookupAnswer.Found(answer));
        }

        if (HasWaited && OwnAnswer(lookup) is { } own)
        {
            return Task.FromResult<LookupAnswer>(new LookupAnswer.Found(own));
        }

        _missing.Add((Rule, lookup));
        return Task.FromResult<LookupAnswer>(new LookupAnswer.Refused("the test does not give it"));
    }

    // A list or clip that a test says nothing about is there, and not public: its id is the name that the rule gives it.
    private JsonElement OwnThings(Lookup lookup) => answers.TryGetValue(EndpointOf(lookup.Kind), out var json)
        ? OwnThing.Matching(JsonDocument.Parse(json).RootElement, lookup.Key)
        : JsonSerializer.SerializeToElement(new[] { new { id = lookup.Key, name = lookup.Key, isPublic = false } });

    private JsonElement? OwnAnswer(Lookup lookup) => lookup.Kind switch
    {
        LookupKind.NoteShow when Event?.Note?.GetText("id") == lookup.Key => Event.Note,
        LookupKind.UserShow or LookupKind.UserExistence or LookupKind.UserRelation when Event?.User?.GetText("id") == lookup.Key => Event.User,
        _ => null,
    };

    private static string EndpointOf(LookupKind kind) => kind.Endpoint ?? "state";
}
