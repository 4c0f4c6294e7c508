using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Control;

/// <summary>What people order about single events.</summary>
internal sealed class EventOrders(
    Quarantine quarantine, OnceMore onceMore, EventQueries events, Deciding deciding, RuleVersions rules, IBlackBox blackBox, IAlarm alarm, LiveFeed feed, RunPump pump)
{
    /// <summary>Has an event decided anew that was set aside. False when it was not.</summary>
    public Task<bool> RetryAsync(long number, CancellationToken cancellationToken) => quarantine.RetryDeliveryAsync(number, cancellationToken);

    /// <summary>Gives up an event that was set aside. False when it was not.</summary>
    public Task<bool> DropAsync(long number, CancellationToken cancellationToken) => quarantine.DropDeliveryAsync(number, cancellationToken);

    /// <summary>Lets an event happen once more, now, under the rules in force, in earnest.</summary>
    /// <param name="number">The number of the delivery.</param>
    /// <param name="only">The rules that are asked; null for all.</param>
    /// <param name="withActed">Whether rules are asked as well that did something about it already, or still may.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Replayed> ReplayAsync(long number, IReadOnlyCollection<string>? only, bool withActed, CancellationToken cancellationToken)
    {
        if (FirstOf(number) is not { } first)
        {
            return Replayed.Refused(ReplayAnswer.NoEvent);
        }

        if (only?.Where(name => name is null || rules.Current.Find(name) is null).ToList() is [var unknown, ..])
        {
            return Replayed.Refused(ReplayAnswer.NoRule, unknown ?? "null");
        }

        if (onceMore.Find(first) is not { } past)
        {
            return Replayed.Refused(ReplayAnswer.BodyIsGone);
        }

        return past.State switch
        {
            DeliveryState.Received => Replayed.Refused(ReplayAnswer.IsUndecided),
            DeliveryState.Quarantined => Replayed.Refused(ReplayAnswer.IsSetAside),
            DeliveryState.Test or DeliveryState.Unrouted => Replayed.Refused(ReplayAnswer.IsNoEvent),
            _ => await ReplayAsync(past, only, withActed, cancellationToken),
        };
    }

    // What reports another, or happens once more itself, is the same event.
    private long? FirstOf(long number)
    {
        while (events.List([number]).SingleOrDefault() is { } recorded)
        {
            if ((OnceMore.FirstOf(recorded.EventId) ?? Decision.FirstOf(recorded.Note)) is not { } earlier || earlier == number)
            {
                return number;
            }

            number = earlier;
        }

        return null;
    }

    private async Task<Replayed> ReplayAsync(PastDelivery past, IReadOnlyCollection<string>? only, bool withActed, CancellationToken cancellationToken)
    {
        using var mark = blackBox.Enter(Evaluated.Delivery(past.Number));
        if (await deciding.DecideAgainAsync(past.Delivery, cancellationToken) is not (var happening, var decision))
        {
            return Replayed.Refused(ReplayAnswer.IsNoEvent);
        }

        IReadOnlyList<string> leftOut = [];
        var (number, decided) = await onceMore.AddAsync(
            past,
            withActed,
            acted =>
            {
                leftOut = [.. decision.Verdicts.Select(verdict => verdict.Rule).Where(acted.Contains)];
                return Of(decision, rule => !acted.Contains(rule) && only?.Contains(rule, StringComparer.Ordinal) != false);
            },
            cancellationToken);
        await StartAsync(happening, decided, cancellationToken);
        return new(ReplayAnswer.Happens, number, decided.Verdicts, decided.Runs, leftOut);
    }

    private static Decision Of(Decision decision, Func<string, bool> isAsked) => decision with
    {
        Verdicts = [.. decision.Verdicts.Where(verdict => isAsked(verdict.Rule))],
        Runs =
        [
            .. decision.Runs.Where(planned => isAsked(planned.Run.RuleName))
                .Select(planned => planned with { Run = planned.Run with { GroupRest = [.. planned.Run.GroupRest.Where(isAsked)] } }),
        ],
    };

    private async Task StartAsync(Event happening, Decided decided, CancellationToken cancellationToken)
    {
        feed.Tell(happening, decided.Verdicts);
        foreach (var (run, dueAt) in decided.Rings.Concat(decided.Runs.Where(run => run is { State: RunState.Waiting, DueAt: not null }).Select(run => new Ring(run.Id, run.DueAt!.Value))))
        {
            await alarm.ArmAsync(run, dueAt, cancellationToken);
        }

        await pump.ClaimDueAsync(cancellationToken);
    }
}

/// <summary>What came of the order to let an event happen once more.</summary>
/// <param name="Answer">Whether it does.</param>
/// <param name="Number">The number of its new delivery; 0 where it does not.</param>
/// <param name="Verdicts">What the rules said.</param>
/// <param name="Runs">The runs that were made.</param>
/// <param name="LeftOut">The rules that were not asked, because they did something about it already, or still may; or the name that is no rule's.</param>
internal sealed record Replayed(ReplayAnswer Answer, long Number, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Run> Runs, IReadOnlyList<string> LeftOut)
{
    public static Replayed Refused(ReplayAnswer answer, params IReadOnlyList<string> names) => new(answer, 0, [], [], names);
}

/// <summary>Whether an event happens once more.</summary>
internal enum ReplayAnswer
{
    /// <summary>It does.</summary>
    Happens,

    /// <summary>There is no such event.</summary>
    NoEvent,

    /// <summary>There is no rule of a name that was given.</summary>
    NoRule,

    /// <summary>What it said is not kept any more.</summary>
    BodyIsGone,

    /// <summary>It was not decided yet.</summary>
    IsUndecided,

    /// <summary>It is set aside, and can be tried again there.</summary>
    IsSetAside,

    /// <summary>It is a test, another user's, or says nothing: no rule is asked about it.</summary>
    IsNoEvent,
}
