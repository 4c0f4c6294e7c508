using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Runs that ask people and wait for their answers, that remember, and that go round in loops.</summary>
public sealed class ConversationTests
{
    private const string Rules = """
        rules:
          - name: ask
            on: mention
            when: contains(note.said, 'paint')
            do:
              - reply: Which colour?
              - wait-for: reply
                within: 30m
                as: answer
                else:
                  - reply: Another time.
                  - stop
              - reply: "${answer.note.said}, ${answer.user.username}!"
                to: answer.note
          - name: other
            on: [mention, reply]
            when: not contains(note.said, 'paint')
            do:
              - react: 👋
        """;

    [Fact]
    public async Task The_answer_is_taken_once_and_starts_nothing_else_though_two_webhooks_tell_of_it()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        await AskAsync(house, bob);

        house.World.Reply(bob, Question(house), "@alice Red");
        await house.RestAsync();

        Assert.Equal(["Which colour?", "Red, bob!"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.Empty(house.Calls("notes/reactions/create"));
        Assert.Equal(RunState.Succeeded, Assert.Single(house.Ledger.Runs()).State);
        var heard = house.Ledger.Deliveries().Where(delivery => delivery.Note?.Contains("had waited for it", StringComparison.Ordinal) == true);
        Assert.Equal([Gates.Heard, Gates.Heard], Assert.Single(heard).Verdicts.Select(verdict => verdict.Gate));
    }

    [Fact]
    public async Task An_answer_that_outruns_the_servers_answer_to_the_question_is_found()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        house.Misskey.Inject("notes/create", Fault.ExecuteThenDelay(TimeSpan.FromSeconds(3)));

        house.World.Post(bob, "@alice paint something");
        await Eventually.HoldsAsync(() => house.World.NotesOf(house.Owner).Count == 1, "the question is on the server");
        house.World.Reply(bob, Question(house), "@alice Red");
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Any(delivery => delivery.Note?.Contains("had waited for it", StringComparison.Ordinal) == true), "the answer is heard");
        var before = house.Ledger.Steps();
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "the run ends");
        await house.RestAsync();

        Assert.Equal(StepState.Intended, Assert.Single(before).State);
        Assert.Equal(["Which colour?", "Red, bob!"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.Empty(house.Calls("notes/reactions/create"));
    }

    [Fact]
    public async Task A_conversation_goes_on_after_a_restart_and_ends_in_time_without_an_answer()
    {
        await using var house = await House.OpenAsync(Rules);
        var (bob, carol) = (house.World.AddAccount("bob"), house.World.AddAccount("carol"));
        await AskAsync(house, bob);
        await AskAsync(house, carol, runs: 2);
        await house.RestartAsync(later: TimeSpan.FromMinutes(10));

        house.World.Reply(bob, house.World.NotesOf(house.Owner)[0], "@alice Red");
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Succeeded, "the run that asked bob ends");
        await house.RestartAsync(later: TimeSpan.FromMinutes(21));
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[1].State == RunState.Succeeded, "the run that asked carol ends");

        Assert.Equal(["Which colour?", "Which colour?", "Red, bob!", "Another time."], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task A_direct_conversation_is_answered_to_the_people_in_it()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        house.World.Message(bob, house.Owner, "@alice paint something");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Any(run => run.WaitsFor == WaitReason.Reply), "the question is asked");

        house.World.Post(bob, new NoteDraft { Text = "@alice Red", ReplyId = Question(house).Id, Visibility = NoteVisibility.Specified, VisibleUserIds = [house.Owner.Id] });
        await house.RestAsync();

        var answer = house.World.NotesOf(house.Owner)[^1];
        Assert.Equal(("Red, bob!", NoteVisibility.Specified), (answer.Text, answer.Visibility));
        Assert.Equal([bob.Id], answer.VisibleUserIds);
    }

    [Fact]
    public async Task What_is_kept_survives_restarts_and_no_count_is_lost_among_many_at_once()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: count
                on: mention
                do:
                  - set:
                      n: ${coalesce(state('n'), 0) + 1}
              - name: tell
                on: followed
                do:
                  - note: ${state('n')} mentions
            """);
        for (var i = 0; i < 20; i++)
        {
            house.World.Post(house.World.AddAccount($"user{i}"), "@alice hello");
        }

        await house.RestAsync();
        await house.RestartAsync();
        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await house.RestAsync();

        Assert.Equal(["20 mentions"], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task A_loop_goes_on_in_the_round_in_which_the_program_ended()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: slow
                on: followed
                do:
                  - for-each: word in split('one two three', ' ')
                    do:
                      - note: ${word}
                      - wait: 1h
            """);
        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await house.RestAsync();

        for (var hour = 1; hour <= 3; hour++)
        {
            await house.RestartAsync(later: TimeSpan.FromHours(1.01));
            var notes = Math.Min(3, hour + 1);
            await Eventually.HoldsAsync(() => house.World.NotesOf(house.Owner).Count == notes, $"{notes} notes are there");
            await house.RestAsync();
        }

        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Succeeded, "the run ends");
        Assert.Equal(["one", "two", "three"], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task The_reason_of_a_failure_outlives_a_restart_in_the_middle_of_what_it_leads_to()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: careful
                on: mention
                do:
                  - api: notes/favorites/create
                    with: { noteId: none }
                on-error:
                  - wait: 1h
                  - note: "${error.step} ${error.code}"
            """);
        house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Any(run => run.WaitsFor == WaitReason.Step), "it failed and waits");

        await house.RestartAsync(later: TimeSpan.FromHours(1.01));
        await Eventually.HoldsAsync(() => house.Ledger.Runs()[0].State == RunState.Failed, "the run ends");

        Assert.Equal(["do[0] NO_SUCH_NOTE"], house.World.NotesOf(house.Owner).Select(note => note.Text));
        Assert.NotNull(house.Ledger.Runs()[0].Reason);
    }

    private static async Task AskAsync(House house, Account person, int runs = 1)
    {
        house.World.Post(person, "@alice paint something");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.Reply) == runs, "the question is asked");
        await house.RestAsync();
    }

    private static Note Question(House house) => house.World.NotesOf(house.Owner)[^1];
}
