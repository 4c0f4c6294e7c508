using System.Text;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Takes the steps that send nothing: forks, loops, waits, and what is kept for later runs.</summary>
internal sealed class FlowSteps(IRunStore store, Questions questions, TimeProvider time)
{
    // Others change what a run saw while it counts on: it looks again. So many in a row do not come by chance.
    private const int MostSetAttempts = 100;

    public Task<Taken> TakeAsync(RunWork work, StepNode node, CancellationToken cancellationToken) => node switch
    {
        StepNode.If fork => ForkAsync(work, fork, cancellationToken),
        StepNode.ForEach loop => BeginLoopAsync(work, loop, cancellationToken),
        StepNode.Wait pause => PauseAsync(work, pause, "wait", pause.LengthIn, cancellationToken),
        StepNode.WaitUntil pause => PauseAsync(work, pause, "wait-until", LengthOf(pause), cancellationToken),
        StepNode.WaitFor wait => ListenAsync(work, wait, cancellationToken),
        StepNode.Set set => SetAsync(work, set, cancellationToken),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Taken> ForkAsync(RunWork work, StepNode.If fork, CancellationToken cancellationToken)
    {
        var (answer, trouble) = await questions.AskAsync(work, scope => ConditionEvaluator.Ask(fork.Condition, scope), a => a.Value, cancellationToken);
        if (trouble is not null)
        {
            return new(trouble);
        }

        var step = Record(fork, "if", StepState.Done) with { Reason = answer.Because(work.Scope) };
        return answer.Value.Kind == ValueKind.Error
            ? Refuse(work, fork, step, step.Reason!)
            : Proceed(work, step with { Answer = answer.Value.IsTrue ? "\"then\"" : "\"else\"" });
    }

    private async Task<Taken> BeginLoopAsync(RunWork work, StepNode.ForEach loop, CancellationToken cancellationToken)
    {
        var (list, trouble) = await questions.AskAsync(work, loop.List.Evaluate, a => a, cancellationToken);
        if (trouble is not null)
        {
            return new(trouble);
        }

        var step = Record(loop, "for-each", StepState.Done);
        switch (list.Kind)
        {
            case ValueKind.Error:
                return Refuse(work, loop, step, list.Reason);
            case ValueKind.List or ValueKind.Null:
                var (answer, remark) = LoopList.Freeze(list);
                return Proceed(work, step with { Answer = answer, Reason = remark });
            default:
                return Refuse(work, loop, step, $"{loop.List} is no list, but {list.Quote()}");
        }
    }

    // In seconds from now, as a wait has it. A moment that is over is no reason to wait.
    private Func<Scope, Value> LengthOf(StepNode.WaitUntil pause) => scope =>
    {
        var text = pause.Time is { } written ? Value.Of(written) : pause.Expression!.Evaluate(scope);
        if (!text.IsKnown)
        {
            return text;
        }

        var now = time.GetUtcNow();
        return text.Kind == ValueKind.Text && Moments.Find(text.Text, now, scope.TimeZone) is { } moment
            ? Value.Of(Math.Max(0, (moment - now).TotalSeconds))
            : Value.Error($"{text.Quote()} is no time such as 08:00 or 2026-05-01T08:00:00+09:00");
    };

    private async Task<Taken> PauseAsync(RunWork work, StepNode pause, string kind, Func<Scope, Value> lengthIn, CancellationToken cancellationToken)
    {
        var run = work.Run;
        if (run.Steps.ContainsKey(pause.Path))
        {
            EventScope.ReadAgain(work.Scope, work.Event);
            return Proceed(work, Record(pause, kind, StepState.Done));
        }

        var (length, trouble) = await questions.AskAsync(work, lengthIn, a => a, cancellationToken);
        if (trouble is not null)
        {
            return new(trouble);
        }

        var step = Record(pause, kind, StepState.Pending);
        if (length.Kind != ValueKind.Number || length.Number < 0 || length.Number > Durations.Max.TotalSeconds)
        {
            return Refuse(work, pause, step, length.Kind switch
            {
                ValueKind.Error => length.Reason,
                ValueKind.Number => $"a wait lasts 0 to {Durations.Max.TotalDays:0} days, not {length} seconds",
                _ => $"{length} is no duration",
            });
        }

        var wait = TimeSpan.FromSeconds(length.Number);
        return new(run.Wait(WaitReason.Step, time.GetUtcNow() + wait) with { Waited = run.Waited + wait }, step);
    }

    private async Task<Taken> ListenAsync(RunWork work, StepNode.WaitFor wait, CancellationToken cancellationToken)
    {
        var (run, now) = (work.Run, time.GetUtcNow());
        var begun = run.Steps.GetValueOrDefault(wait.Path) ?? Record(wait, Hearing.Kind, StepState.Pending);
        var until = begun.At + wait.Within;

        // Time spent in waiting is no lateness, as far as the rule asked for it.
        work.Run = run with { Waited = run.Waited + ((now < until ? now : until) - begun.At) };
        var otherwise = now < until ? new Taken(run.Wait(WaitReason.Reply, until).With(begun), begun)
            : Proceed(work, begun with { State = StepState.Done, Reason = $"no reply came within {Durations.Format(wait.Within)}", At = now });
        var number = run.Steps.Values.Count(step => step is { Kind: Hearing.Kind, Answer: not null }) + 1;
        EventScope.ReadAgain(work.Scope, work.Event);
        if (await store.HearAsync(otherwise.Run, otherwise.Step!, number, cancellationToken) is not { } delivery)
        {
            return otherwise with { IsSaved = true };
        }

        var stored = await store.LoadEventAsync(delivery, cancellationToken);
        return Proceed(work, begun with { State = StepState.Done, Answer = Hearing.Write(stored.Read()), At = now });
    }

    private async Task<Taken> SetAsync(RunWork work, StepNode.Set set, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostSetAttempts; attempt++)
        {
            work.State.Forget(work.Scope);
            var (values, trouble) = await questions.AskAsync(work, new Argument.Mapping(set.Entries).Evaluate, a => a, cancellationToken);
            if (trouble is not null)
            {
                return new(trouble);
            }

            var step = Record(set, "set", StepState.Done);
            var (changes, wrong) = ChangesOf(work, set, values);
            if (wrong is not null)
            {
                return Refuse(work, set, step, wrong);
            }

            var taken = Proceed(work, step with { Intent = IntentOf(set, values), HadEffect = !work.Run.IsDryRun });
            if (await store.SetStateAsync(taken.Run, taken.Step!, changes, work.State.Seen, cancellationToken))
            {
                // What the run reads from now on is what it kept, and what others keep meanwhile.
                work.State.Forget(work.Scope);
                return taken with { IsSaved = true };
            }
        }

        throw new InvalidOperationException($"What step {set.Path} saw had changed {MostSetAttempts} times before it could be changed.");
    }

    private (IReadOnlyList<StateChange> Changes, string? Wrong) ChangesOf(RunWork work, StepNode.Set set, Value values)
    {
        if (values.Kind == ValueKind.Error)
        {
            return ([], values.Reason);
        }

        var changes = new List<StateChange>(set.Entries.Count);
        foreach (var (key, value) in values.Map!.Entries)
        {
            if (StateSlot.Of(key, set.Per, work.Event) is not { } slot)
            {
                return ([], $"nothing can be kept per {set.Per}: the event brings none");
            }

            var stored = value.IsNull ? null : StoredValue.Write(value);
            if (stored is not null && Encoding.UTF8.GetByteCount(stored) is > StateSlot.MaxBytes and var size)
            {
                return ([], $"the value of '{key}' is too large to be kept: {size} bytes, at most {StateSlot.MaxBytes}");
            }

            changes.Add(new(slot, stored, stored is null || set.Expires is null ? null : time.GetUtcNow() + set.Expires));
        }

        return (changes, null);
    }

    // Nothing is sent; it is shown to people and to tests like the request of an action.
    private static Intent IntentOf(StepNode.Set set, Value values)
    {
        var body = JsonWriting.WriteObject(default, json =>
        {
            json.WritePropertyName("set");
            values.WriteTo(json);
            json.WriteString("per", set.Per ?? "account");
            if (set.Expires is { } expires)
            {
                json.WriteString("expires", Durations.Format(expires));
            }
        });
        var keys = string.Join(", ", set.Entries.Keys);
        return new()
        {
            Action = "set",
            Endpoint = "",
            Body = body,
            Repeat = Repeat.Natural,
            Summary = set.Per is null ? $"set {keys}" : $"set {keys} per {set.Per}",
        };
    }

    private static Taken Proceed(RunWork work, Step step)
    {
        var (run, over) = work.Run.Proceed(step);
        return new(run, over);
    }

    private static Taken Refuse(RunWork work, StepNode node, Step step, string reason)
    {
        var (run, failed) = work.Run.Refuse(node, step with { State = StepState.Failed, Reason = reason }, FailureCodes.CannotBeEvaluated);
        return new(run, failed);
    }

    private Step Record(StepNode node, string kind, StepState state) => new() { Path = node.Path, Kind = kind, State = state, At = time.GetUtcNow() };
}

/// <summary>What a step came to.</summary>
/// <param name="Run">The run as it is to be saved.</param>
/// <param name="Step">The step as it is to be saved; null when nothing of it is to be recorded yet.</param>
/// <param name="IsSaved">Whether both are on disk already.</param>
internal sealed record Taken(Run Run, Step? Step = null, bool IsSaved = false);
