using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Lists of notes by time, and what they leave out.</summary>
public sealed class NoteListTests
{
    [Fact]
    public async Task A_time_to_begin_from_gives_the_oldest_first_and_a_time_to_end_at_the_newest()
    {
        await using var stage = await Stage.SetAsync();
        var times = new List<long>();
        foreach (var text in (string[])["one", "two", "three"])
        {
            stage.Time.Advance(TimeSpan.FromSeconds(1));
            stage.World.Post(stage.Alice, text);
            times.Add(stage.Time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        Assert.Equal(["two", "three"], await TextsAsync(stage, stage.Alice, $"""
            "sinceDate":{times[1]}
            """));
        Assert.Equal(["two", "one"], await TextsAsync(stage, stage.Alice, $"""
            "untilDate":{times[2]}
            """));
        Assert.Equal(["two"], await TextsAsync(stage, stage.Alice, $"""
            "sinceDate":{times[1]},"untilDate":{times[2]}
            """));
    }

    [Fact]
    public async Task An_answer_to_somebody_muted_is_hidden_even_from_its_author()
    {
        await using var stage = await Stage.SetAsync();
        var his = stage.World.Post(stage.Bob, "hello");
        await stage.CallAsync(stage.Alice, "notes/create", $$"""{"text":"hi","replyId":"{{his.Id}}"}""");
        Assert.Equal(1, await CountAsync(stage, his));

        stage.World.Mute(stage.Alice, stage.Bob);

        Assert.Equal(0, await CountAsync(stage, his));
    }

    private static async Task<string?[]> TextsAsync(Stage stage, Account account, string times)
    {
        var answer = await stage.CallAsync(account, "users/notes", $$"""{"userId":"{{account.Id}}",{{times}}}""");
        return [.. answer.Json.EnumerateArray().Select(note => note.GetProperty("text").GetString())];
    }

    private static async Task<int> CountAsync(Stage stage, Note note) =>
        (await stage.CallAsync(stage.Alice, "notes/children", $$"""{"noteId":"{{note.Id}}"}""")).Json.GetArrayLength();
}
