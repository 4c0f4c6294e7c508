using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The owner tries edited rules on what was recorded, while the engine runs.</summary>
public sealed class ReplayTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            when: contains(note.said, 'ping')
            do:
              - reply: PONG!
          - name: old
            on: mention
            do:
              - react: 👍
        """;

    private const string Edited = """
        rules:
          - name: pong
            on: mention
            limit: 2 per user per 1h
            include: [bots]
            do:
              - reply: PONG!
          - name: popular
            on: mention
            when: user.followersCount > 3
            do:
              - follow: user
        """;

    [Fact]
    public async Task What_differs_is_told_by_rule_event_and_request_and_nothing_is_sent()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        foreach (var text in (string[])["@alice ping", "@alice hello", "@alice hello again"])
        {
            house.World.Post(bob, text);
            await house.RestAsync();
        }

        using var folder = new TemporaryFolder();
        folder.Write("rules.yaml", Edited);
        var notes = house.World.NotesOf(house.Owner).Count;

        var (exitCode, output, error) = await ReplayAsync(house, folder, "--since", "1d");
        await house.RestAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("pong: would have run 2 times, did 1 times; 1 more, 0 fewer\n", output, StringComparison.Ordinal);
        Assert.Contains("old: would have run 0 times, did 3 times; 0 more, 3 fewer\n", output, StringComparison.Ordinal);
        Assert.Contains("popular: would have run 0 times, did 0 times; 0 more, 0 fewer\n  cannot be known for 3 events: it needs users/show; give it with --lookups\n", output, StringComparison.Ordinal);
        Assert.Contains("reply: 1 more would be sent, 0 of them because of bots\n", output, StringComparison.Ordinal);
        Assert.Contains("react: 3 fewer would be sent\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  event [0-9]+  mention  @bob  pong: would run, did not$", output);
        Assert.EndsWith("Nothing was sent.\n", output, StringComparison.Ordinal);
        Assert.Equal(notes, house.World.NotesOf(house.Owner).Count);
    }

    [Fact]
    public async Task The_same_rules_differ_in_nothing()
    {
        await using var house = await House.OpenAsync(Rules);
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        using var folder = new TemporaryFolder();
        folder.Write("rules.yaml", Rules);

        var (exitCode, output, _) = await ReplayAsync(house, folder, "--since", "7d");

        Assert.Equal(0, exitCode);
        Assert.Contains("pong: would have run 1 times, did 1 times; 0 more, 0 fewer\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("would be sent", output, StringComparison.Ordinal);
        Assert.DoesNotContain("  event ", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> ReplayAsync(House house, TemporaryFolder folder, params string[] arguments) =>
        ProgramRun.ToEndAsync(folder.Path, null, ["replay", .. arguments, "--rules", "rules.yaml", "--data", house.Data]);
}
