using System.Text.Json;
using System.Text.Json.Serialization;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Steps in the table.</summary>
internal static class StepRows
{
    /// <summary>
    /// The condition for steps <c>s</c> whose posts are on their way, as the index <c>steps_posting</c> has it: an intent names its endpoint so, and nothing else.
    /// Other requests that nobody has settled can be many: those are not read for every note.
    /// </summary>
    public const string ArePosting = """
        s.state in (1, 2) and s.intent like '%"notes/create"%'
        """;

    /// <summary>A run's steps by path.</summary>
    public static Dictionary<string, Step> Load(WriterConnection db, long runId) =>
        db.Sql("select path, kind, state, intent, answer, reason, at, had_effect from steps where run = ?")
            .Bind(runId).All(Read).ToDictionary(step => step.Path, StringComparer.Ordinal);

    /// <summary>Whether a run has taken a step.</summary>
    public static bool IsDone(WriterConnection db, long runId, string path) =>
        db.Sql("select state from steps where run = ? and path = ?").Bind(runId).Bind(path).Number() == (long)StepState.Done;

    /// <summary>Saves a step over its former self. It began with the first of them, and each that is on its way is an attempt.</summary>
    public static void Save(WriterConnection db, long runId, Step step)
    {
        const string Sql = """
            insert into steps (run, path, kind, state, intent, answer, reason, at, had_effect, object, began_at, attempts) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (run, path) do update set kind = excluded.kind, state = excluded.state, intent = excluded.intent,
                answer = excluded.answer, reason = excluded.reason, at = excluded.at, had_effect = excluded.had_effect, object = excluded.object,
                attempts = steps.attempts + excluded.attempts
            """;
        db.Sql(Sql).Bind(runId).Bind(step.Path).Bind(step.Kind).Bind((long)step.State)
            .Bind(step.Intent is { } intent ? JsonSerializer.Serialize(intent, StoreJson.Default.Intent) : null)
            .Bind(step.Answer).Bind(step.Reason).Bind(step.At).Bind(step.HadEffect).Bind(ObjectOf(step))
            .Bind(step.At).Bind(step.State == StepState.Intended).Run();
    }

    /// <summary>A stored intent.</summary>
    public static Intent ReadIntent(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.Intent)!;

    // The note that the step made, or the user whom it asked to follow or to leave.
    private static string? ObjectOf(Step step) => step.Intent?.Endpoint switch
    {
        NoteLikeness.Endpoint when step.Answer is { } answer => NoteLikeness.IdIn(answer),
        "following/create" or "following/delete" => UserIn(step.Intent.Body),
        _ => null,
    };

    private static string? UserIn(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetText("userId");
    }

    private static Step Read(Statement row) => new()
    {
        Path = row.Text(0),
        Kind = row.Text(1),
        State = (StepState)row.Int(2),
        Intent = row.TextOrNull(3) is { } intent ? ReadIntent(intent) : null,
        Answer = row.TextOrNull(4),
        Reason = row.TextOrNull(5),
        At = row.Time(6),
        HadEffect = row.Bool(7),
    };
}

/// <summary>JSON of the records that are kept whole in a column.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Intent))]
internal sealed partial class StoreJson : JsonSerializerContext;
