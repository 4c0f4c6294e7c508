using System.Text.Json;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>A post whose outcome was missed.</summary>
internal static class Doubtful
{
    public const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
                as: mine
              - log: said ${mine.id}
        """;

    public static async Task<Stage> DoubtAsync(string rules)
    {
        var stage = new Stage(rules) { Looking = _ => new Sighting.Failed("too early") };
        stage.Outcomes.Enqueue(new ActionOutcome.Uncertain("the answer was cut off"));
        await stage.HappenAsync("mention", Some.Mention());
        return stage;
    }

    public static async Task LookOnAsync(Stage stage, TimeSpan time)
    {
        for (var until = stage.Time.GetUtcNow() + time; stage.Time.GetUtcNow() < until;)
        {
            var due = stage.OnlyRun.DueAt is { } next && next < until ? next : until;
            await stage.PassAsync(due - stage.Time.GetUtcNow());
        }
    }

    public static JsonElement Note(string id, string? text, string more = "") => JsonElement.Parse(
        $$"""{"id":"{{id}}","userId":"me","text":{{JsonSerializer.Serialize(text)}},"replyId":"{{JsonElement.Parse(Some.Mention()).GetProperty("note").GetProperty("id").GetString()}}"{{more}}}""");
}
