using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What one person said in private is told to no other, by whatever way it came into a run and however long the run waits.</summary>
public sealed class ForeignTextTests
{
    private const string Secret = "the safe opens with 4711";

    private const string Keep = """
        rules:
          - name: keep
            on: mention
            when: startsWith(note.said, 'the safe')
            do:
              - set: { secret: "${note.said}", secrets: "${split(note.said, ' opens ')}" }
          - name: tell
            on: mention
            when: note.said == 'tell'

        """;

    [Theory]
    [InlineData("    do: [ { reply: \"${state('secret')}\" } ]")]
    [InlineData("    let: { what: state('secret') }\n    do: [ { wait: 1h }, { reply: \"${what}\" } ]")]
    [InlineData("    let: { what: state('secret') }\n    do: [ { wait: 1h }, { dm: \"${upper(what)}!\" } ]")]
    [InlineData("    do:\n      - for-each: part in state('secrets')\n        do: [ { wait: 1h }, { reply: \"${part}\" } ]")]
    [InlineData("    let: { what: state('secret') }\n    do: [ { wait: 1h }, { react: \"${what}\", continue-on-error: true }, { stop: } ]")]
    public async Task What_was_kept_of_one_persons_note_is_told_to_nobody_else_after_a_restart_either(string tell)
    {
        await using var house = await House.OpenAsync(Keep + tell.Replace("{ stop: }", "stop", StringComparison.Ordinal) + "\n");
        house.World.Message(house.World.AddAccount("carol"), house.Owner, Secret);
        await house.RestAsync();
        house.World.Message(house.World.AddAccount("bob"), house.Owner, "tell");
        await house.RestAsync();

        for (var i = 0; i < 2; i++)
        {
            await house.RestartAsync(later: TimeSpan.FromHours(1.1));
            await house.RestAsync();
        }

        Assert.Empty(house.Writes());
        Assert.Equal(RunState.Succeeded, house.Ledger.Runs()[^1].State);
        AssertSecretKept(house);
    }

    [Fact]
    public async Task Nobody_has_another_persons_note_read_to_them()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: read
                on: mention
                when: contains(note.said, 'id=')
                do:
                  - api: notes/show
                    with: { noteId: "${capture(note.said, /id=(\\w+)/)}" }
                    as: read
                  - reply: ${read.text}
            """);
        var secret = house.World.Message(house.World.AddAccount("carol"), house.Owner, Secret);
        await house.RestAsync();

        house.World.Message(house.World.AddAccount("bob"), house.Owner, $"id={secret.Id}");
        await house.RestAsync();

        Assert.Empty(house.Writes());
        Assert.Contains(house.Ledger.Steps(), step => step is { State: StepState.Skipped, Reason: not null } && step.Reason.Contains("not public", StringComparison.Ordinal));
        AssertSecretKept(house);
    }

    [Theory]
    [InlineData("clip: note\n        to: ${answer.note.said}", "note: ${error.message}")]
    [InlineData("clip: note\n        to: ${answer.note.said}", "log: ${error.message}")]
    [InlineData("react: ${answer.note.said}", "reply: ${error.message}")]
    [InlineData("note: \"${hour(answer.note.said)}\"", "note: ${error.message}")]
    [InlineData("note: \"${hour(answer.note.said)}\"", "reply: ${error.message}")]
    public async Task A_failure_tells_nobody_what_was_answered_in_private(string fails, string tells)
    {
        await using var house = await House.OpenAsync($$"""
            rules:
              - name: asks
                on: mention
                when: not note.isReply
                do:
                  - reply: What is it?
                  - wait-for: reply
                    within: 1h
                    as: answer
                  - {{fails}}
                on-error:
                  - {{tells}}
            """);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice ask me");
        await house.RestAsync();

        house.World.Post(bob, new NoteDraft { Text = Secret, Visibility = NoteVisibility.Specified, VisibleUserIds = [house.Owner.Id], ReplyId = house.World.NotesOf(house.Owner)[0].Id });
        await house.RestAsync();

        Assert.Equal(RunState.Failed, Assert.Single(house.Ledger.Runs()).State);
        Assert.Equal("What is it?", Assert.Single(house.World.NotesOf(house.Owner)).Text);
        Assert.DoesNotContain(house.Log.Lines, line => line.Contains($": {Secret}", StringComparison.Ordinal) && line.Contains("main:", StringComparison.Ordinal));
    }

    private static void AssertSecretKept(House house)
    {
        Assert.DoesNotContain(house.World.NotesOf(house.Owner), note => note.Text?.Contains("4711", StringComparison.OrdinalIgnoreCase) == true);
        Assert.DoesNotContain(house.Log.Lines, line => line.Contains("4711", StringComparison.Ordinal));
    }
}
