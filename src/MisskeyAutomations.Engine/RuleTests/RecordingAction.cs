using System.Text.Json;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Prepares requests as the real action does, and answers them itself: nothing is sent.</summary>
/// <param name="real">The real action.</param>
/// <param name="given">What the test gives as answers, by endpoint or address.</param>
/// <param name="notes">The notes that a test's rules posted: all its actions number them together.</param>
public sealed class RecordingAction(IAction real, IReadOnlyDictionary<string, string> given, PostedNotes notes) : IAction
{
    private const string Refused = "REFUSED";

    /// <inheritdoc/>
    public ActionDescriptor Descriptor => real.Descriptor;

    /// <inheritdoc/>
    public Preparation Prepare(ActionInput input) => real.Prepare(input);

    /// <inheritdoc/>
    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        Task.FromResult(real.Descriptor.Main == ParameterType.Address ? WebAnswers.Of(real.Descriptor, intent, given)
            : given.TryGetValue(intent.Endpoint, out var answer) ? GivenAnswer(intent.Endpoint, answer)
            : new ActionOutcome.Done(intent.Endpoint == "notes/create" ? CreatedNote(intent) : null));

    private static ActionOutcome GivenAnswer(string endpoint, string json)
    {
        var answer = JsonElement.Parse(json);
        return answer.ValueKind == JsonValueKind.Null
            ? new ActionOutcome.Rejected(Refused, $"{endpoint} refused: the test says so.") : new ActionOutcome.Done(answer);
    }

    // What `as:` keeps of a posting step is the note.
    private JsonElement CreatedNote(Intent intent)
    {
        var note = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["id"] = JsonSerializer.SerializeToElement(notes.NextId()),
            ["userId"] = JsonSerializer.SerializeToElement(GivenEvents.Me),
        };
        using var body = JsonDocument.Parse(intent.Body);
        foreach (var property in body.RootElement.EnumerateObject())
        {
            note[property.Name] = property.Value.Clone();
        }

        return JsonSerializer.SerializeToElement(note);
    }
}

/// <summary>Numbers the notes that rules post in a test: <c>sent1</c>, <c>sent2</c> …</summary>
public sealed class PostedNotes
{
    private int _count;

    internal string NextId() => $"sent{++_count}";
}
