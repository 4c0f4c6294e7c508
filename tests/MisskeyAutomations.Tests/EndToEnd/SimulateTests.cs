using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The owner asks what rules would do, and nothing is done.</summary>
public sealed partial class SimulateTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            limit: 1 per user per 1h
            do:
              - reply: PONG!
              - wait: 5m
              - react: 👍
          - name: popular
            on: mention
            when: user.followersCount > 3
            do:
              - follow: user
          - name: never
            on: mention
            when: note.cw == 'x'
            do:
              - log: x
        """;

    [Fact]
    public async Task A_recorded_request_shows_every_verdict_and_every_request_that_would_be_sent()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), Rules);
        File.WriteAllText(Path.Combine(folder.Path, "mention.json"), Payloads.Body("mention-plain"));

        var (exitCode, output, error) = await SimulateAsync(folder, "mention.json", "--at", "2026-12-24T18:00Z");

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Equal("""
            mention  @bob  TIME
              id 361b7c78-e28d-4c5e-a6aa-afb32c3a32b6, account main
              pong  runs
                at once  do[0]  reply  would be done  reply to @bob: "PONG!"
                  notes/create  {"visibility":"public","text":"PONG!","noExtractMentions":true,"noExtractHashtags":true,"replyId":"NOTE"}
                  visibility: public
                at TIME  do[1]  wait  would be done
                at TIME  do[2]  react  would be done  react 👍 to @bob
                  notes/reactions/create  {"noteId":"NOTE","reaction":"\uD83D\uDC4D"}
              popular  cannot be decided further: it needs users/show of atxo91z9nxg80005, which is not given
              never  does not run: when  note.cw == 'x' = false (note.cw = null)
            Give what was missing in a file: --lookups FILE.json with { "users/show": { … } }
            Nothing was sent.

            """.ReplaceLineEndings("\n"), NoteId.Replace(Moment.Replace(output, "TIME"), "${name}NOTE"));
    }

    [Fact]
    public async Task Several_events_share_their_limits_and_what_is_given_answers_look_ups()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), Rules);
        var mention = Payloads.Body("mention-plain");
        File.WriteAllText(Path.Combine(folder.Path, "events.jsonl"), $"{mention}\n{mention}\n");
        File.WriteAllText(Path.Combine(folder.Path, "known.json"), """{ "users/show": [{ "id": "other", "followersCount": 1 }, { "id": "atxo91z9nxg80005", "followersCount": 9 }] }""");

        var (exitCode, output, error) = await SimulateAsync(folder, "events.jsonl", "--lookups", "known.json");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(1, CountOf("notes/create", output));
        Assert.Equal(2, CountOf("following/create", output));
        Assert.Matches("(?m)^  pong  does not run: limit  ", output);
    }

    [Theory]
    [InlineData("{\n  \"typ\u00e9\": 1,,}", "events.json is not JSON at line 2, column 13.")]
    [InlineData("[1]", "events.json: event 1 has no `type` and `body`.")]
    [InlineData("", "events.json holds no event.")]
    public async Task What_is_no_event_is_told(string text, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), Rules);
        File.WriteAllText(Path.Combine(folder.Path, "events.json"), text);

        var (exitCode, output, error) = await SimulateAsync(folder, "events.json");

        Assert.Equal((64, ""), (exitCode, output));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_the_store_is_tried_on_other_rules_without_a_deed()
    {
        await using var house = await House.OpenAsync("rules: [{ name: greet, on: followed, do: [{ follow: user }] }]");
        house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await house.RestAsync();
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), "rules: [{ name: hi, on: mention, do: [{ reply: Hi! }] }, { name: rest, on: followed, do: [{ log: x }] }]");
        var before = house.World.NotesOf(house.Owner).Count;

        var (exitCode, output, error) = await SimulateAsync(folder, "last", "--data", house.Data);
        await house.RestAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches("""(?s)^mention  @bob .*  hi  runs\n    at once  do\[0\]  reply  would be done  reply to @bob: "Hi!"\n""", output);
        Assert.Equal(before, house.World.NotesOf(house.Owner).Count);
    }

    [Fact]
    public async Task An_event_without_a_listener_says_what_rules_start_on()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yaml"), Rules);
        File.WriteAllText(Path.Combine(folder.Path, "event.json"), """{ "type": "followed", "body": { "user": { "id": "u1", "username": "eve" } } }""");

        var (exitCode, output, _) = await SimulateAsync(folder, "event.json", "--lang", "ja");

        Assert.Equal(0, exitCode);
        Assert.Contains("このイベントで始まるルールはありません。ルールが始まるイベント: mention\n何も送信していません。\n", output, StringComparison.Ordinal);
    }

    private static int CountOf(string endpoint, string output) => output.Split('\n').Count(line => line.StartsWith($"      {endpoint} ", StringComparison.Ordinal));

    private static Task<(int ExitCode, string Output, string Error)> SimulateAsync(TemporaryFolder folder, params string[] arguments) =>
        ProgramRun.ToEndAsync(folder.Path, null, ["simulate", .. arguments, "--rules", "rules.yaml"]);

    [GeneratedRegex(@"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d", RegexOptions.None, 1_000)]
    private static partial Regex Moment { get; }

    [GeneratedRegex("(?<name>\"(replyId|noteId)\":\")[0-9a-z]+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NoteId { get; }
}
