using System.Text.Json;
using CsCheck;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>
/// The model is the set of posts that rules mean to make; the server may make each before a fault, after it, never, or late by as much as
/// the settle time; the program may die at any of these moments, and other runs go on meanwhile. CsCheck prints the seed of what fails.
/// </summary>
public sealed class OnceModelTests
{
    // Two rules mean the same note, one means another: each is to be there.
    private const string Rules = """
        defaults: { replies: { per-user: 1000 per 1h, per-thread: 1000 per 1h }, budget: { notes: 1000 per 1h } }
        rules:
          - name: one
            on: mention
            late: 23h
            do:
              - reply: PONG!
          - name: two
            on: mention
            late: 23h
            do:
              - reply: PONG!
          - name: three
            on: mention
            late: 23h
            do:
              - reply: hello
        """;

    private enum Fate
    {
        Answered,
        NotSent,
        MadeThenFault,
        NeverMade,
        MadeLate,
        DiedBefore,
        DiedAfter,
        DiedAndMadeLate,
    }

    [Fact]
    public async Task Each_post_that_is_meant_is_there_exactly_once_when_the_server_finally_heals()
    {
        var fate = Gen.Select(Gen.Enum<Fate>(), Gen.Int[0, 90], Gen.Bool, Gen.Bool, (what, delay, before, after) => new Blow(what, delay, before, after));
        var history = Gen.Select(fate.List[0, 12], Gen.Int[1, 3], Gen.Int[0, 60].List[0, 6], Gen.Bool.List[0, 20]);

        await history.SampleAsync((blows, events, pauses, looks) => new World(blows, looks).PlayAsync(events, pauses), iter: 1_000, threads: 1);
    }

    private sealed record Blow(Fate Fate, int Delay, bool OthersBefore, bool OthersAfter);

    private sealed class World
    {
        private readonly Queue<Blow> _blows;
        private readonly Queue<bool> _failingLooks;
        private readonly List<(DateTimeOffset At, JsonElement Note)> _notes = [];
        private readonly Stage _stage;
        private int _count;
        private int _depth;

        public World(IEnumerable<Blow> blows, IEnumerable<bool> failingLooks)
        {
            _blows = new(blows);
            _failingLooks = new(failingLooks);
            _stage = new Stage(Rules) { Server = TakeAsync, Looking = Look };
        }

        public async Task PlayAsync(int events, List<int> pauses)
        {
            for (var number = 0; number < events; number++)
            {
                await _stage.HearOnlyAsync("mention", Some.Mention(noteId: "target"));
                await WorkAsync();
                await PassAsync(number < pauses.Count ? pauses[number] : 1);
            }

            for (var round = 0; round < 2_000 && _stage.Store.Runs.Any(run => !run.HasEnded); round++)
            {
                await PassAsync(7);
            }

            Check(events);
        }

        private void Check(int events)
        {
            var steps = _stage.Store.Runs.Select(run => (run.RuleName, run.State, run.Reason, Note: run.Steps["do[0]"].Answer is { } answer ? NoteLikeness.IdIn(answer) : null)).ToList();
            var told = string.Join('\n', steps) + '\n' + string.Join('\n', _notes);
            Assert.True(steps.TrueForAll(step => step.State == RunState.Succeeded && step.Note is not null), told);
            Assert.True(steps.Select(step => step.Note).Distinct(StringComparer.Ordinal).Count() == 3 * events, told);
            Assert.True(_notes.Count == 3 * events && _notes.Count(made => made.Note.GetText("text") == "PONG!") == 2 * events, told);
        }

        private async Task<ActionOutcome> TakeAsync(Intent intent)
        {
            if (!_blows.TryDequeue(out var blow))
            {
                return new ActionOutcome.Done(Make(intent, TimeSpan.Zero));
            }

            await OthersAsync(blow.OthersBefore);
            var made = blow.Fate switch
            {
                Fate.Answered or Fate.MadeThenFault or Fate.DiedAfter => Make(intent, TimeSpan.Zero),
                Fate.MadeLate or Fate.DiedAndMadeLate => Make(intent, TimeSpan.FromSeconds(blow.Delay)),
                _ => (JsonElement?)null,
            };
            await OthersAsync(blow.OthersAfter);
            return blow.Fate switch
            {
                Fate.Answered => new ActionOutcome.Done(made),
                Fate.NotSent => new ActionOutcome.NotSent("refused"),
                Fate.DiedBefore or Fate.DiedAfter or Fate.DiedAndMadeLate => throw new InvalidOperationException("killed"),
                _ => new ActionOutcome.Uncertain("cut off"),
            };
        }

        // Time passes while this request is on its way, and the other runs that are due go on.
        private async Task OthersAsync(bool goOn)
        {
            if (goOn && _depth < 3)
            {
                _depth++;
                await PassAsync(7);
                _depth--;
            }
        }

        private JsonElement Make(Intent intent, TimeSpan later)
        {
            var at = _stage.Time.GetUtcNow() + later;
            var body = JsonElement.Parse(intent.Body);
            var note = JsonSerializer.SerializeToElement(new { id = $"m{++_count:D4}", createdAt = at, userId = "me", text = body.GetText("text"), replyId = body.GetText("replyId") });
            _notes.Add((at, note));
            return note;
        }

        private Sighting Look(Search search) => _failingLooks.TryDequeue(out var fails) && fails ? new Sighting.Failed("no answer")
            : new Sighting.Listed([.. _notes.Where(made => made.At <= _stage.Time.GetUtcNow() && made.At >= search.Since).Select(made => made.Note)]);

        private async Task PassAsync(int seconds)
        {
            _stage.Time.Advance(TimeSpan.FromSeconds(seconds));
            await WorkAsync();
        }

        // Whatever died is taken over by another process, which begins with what is on disk.
        private async Task WorkAsync()
        {
            for (var isAlive = true; isAlive;)
            {
                try
                {
                    isAlive = await _stage.WorkOnceAsync();
                }
                catch (RunFaultException dead)
                {
                    await _stage.TakeOverAsync(dead.Run.Id);
                }
            }
        }
    }
}
