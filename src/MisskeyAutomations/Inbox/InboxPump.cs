using System.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Inbox;

/// <summary>Takes deliveries in the order of their arrival and decides them. Asks nobody: what needs a look-up becomes a run.</summary>
internal sealed partial class InboxPump(
    IInbox inbox, Deciding deciding, IBlackBox blackBox, LeasedRuns leased, IAlarm alarm, LiveFeed feed, ILogger<InboxPump> logger, TimeProvider time)
    : BackgroundService
{
    private const int BatchSize = 256;
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastId = 0L;
        var isInTrouble = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var batch = await inbox.TakeAsync(lastId, BatchSize, stoppingToken);
                await DecideAsync(batch, stoppingToken);
                lastId = batch[^1].Id;
                isInTrouble = false;
            }
            catch (StoreUnavailableException)
            {
                // The deliveries are on disk and undecided: they are taken again once the store can be written. Why it cannot is told by the store.
                if (!isInTrouble)
                {
                    LogStoreTrouble();
                }

                (isInTrouble, lastId) = (true, 0);
                await Task.Delay(PauseAfterTrouble, time, stoppingToken);
            }
        }
    }

    // Decided one after the other, completed together: the transactions of a batch share their disk flush.
    private async Task DecideAsync(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        var (completions, storeTrouble) = await BeginAsync(batch, cancellationToken);

        // Whatever becomes of one, the runs of the others are leased to this node and must be handed over.
        foreach (var completion in completions)
        {
            using var ends = completion.Span;
            try
            {
                await FinishAsync(completion, cancellationToken);
            }
            catch (StoreUnavailableException trouble)
            {
                storeTrouble = trouble;
            }
        }

        if (storeTrouble is not null)
        {
            throw new StoreUnavailableException(storeTrouble.Message, storeTrouble);
        }
    }

    // At trouble of the store it goes no further: what was begun is finished all the same, and the rest taken again.
    private async Task<(List<Completion> Begun, StoreUnavailableException? Trouble)> BeginAsync(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        var full = leased.Full;
        var begun = new List<Completion>(batch.Count);
        foreach (var delivery in batch)
        {
            // What a decision says of its reasons is evaluated when it is handed over.
            using var mark = blackBox.Enter(Evaluated.Delivery(delivery.Id));
            var span = Spans.Decide(delivery.Account, delivery.HookId, delivery.EventId, delivery.Source, delivery.Id);
            try
            {
                var (happening, decision) = await DecideOneAsync(delivery, cancellationToken);
                decision = decision with { LeavesRunsFree = full.Contains(delivery.Account, StringComparer.Ordinal) };
                begun.Add(new(delivery, happening, inbox.CompleteAsync(decision, cancellationToken), span));
            }
            catch (StoreUnavailableException trouble)
            {
                span?.Dispose();
                return (begun, trouble);
            }
        }

        return (begun, null);
    }

    private async Task FinishAsync(Completion completion, CancellationToken cancellationToken)
    {
        var (delivery, happening, writing, span) = completion;
        try
        {
            var decided = await OrAnewAsync(delivery, writing, cancellationToken);
            Measures.Decided(delivery.Source, time.GetUtcNow() - delivery.ReceivedAt);
            span?.SetTag("misskey_automations.runs", decided.Runs.Count);
            await HandOutAsync(happening, decided, span, cancellationToken);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailableException))
        {
            LogQuarantined(fault, delivery.Id, delivery.Account);
            await inbox.CompleteAsync(Deciding.Quarantine(delivery, $"its decision could not be written: {fault.GetType().Name}"), cancellationToken);
        }
    }

    // The run that was to hear it may have ended while that was written: then it is an event like any other.
    private async Task<Decided> OrAnewAsync(Delivery delivery, Task<Decided> completion, CancellationToken cancellationToken)
    {
        try
        {
            return await completion;
        }
        catch (ListenerGoneException)
        {
            var (_, decision) = await DecideOneAsync(delivery, cancellationToken);
            return await inbox.CompleteAsync(decision, cancellationToken);
        }
    }

    private async Task HandOutAsync(Event? happening, Decided decided, Activity? span, CancellationToken cancellationToken)
    {
        KillPoint.Reach(KillPoint.Decided);
        if (happening is not null && !decided.AlreadyDecided)
        {
            feed.Tell(happening, decided.Verdicts);
        }

        foreach (var (runId, dueAt) in decided.Rings)
        {
            await alarm.ArmAsync(runId, dueAt, cancellationToken);
        }

        foreach (var run in decided.Runs)
        {
            Spans.Hand(span, run.Id);
            await HandOverAsync(run, cancellationToken);
        }
    }

    private async Task HandOverAsync(Run run, CancellationToken cancellationToken)
    {
        switch (run.State)
        {
            case RunState.Waiting:
                if (run.DueAt is { } dueAt)
                {
                    await alarm.ArmAsync(run.Id, dueAt, cancellationToken);
                }

                feed.Tell(run, null);
                break;
            case RunState.Running:
                leased.Add(run);
                break;
            default:
                leased.LeaveBehind([run.Account]);
                break;
        }
    }

    private async Task<(Event? Event, Decision Decision)> DecideOneAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (blackBox.IsPoison(Evaluated.Delivery(delivery.Id)))
        {
            LogPoison(delivery.Id, delivery.Account);
            return (null, Deciding.Quarantine(delivery, "the engine ended again and again while it was deciding it"));
        }

        try
        {
            return await deciding.DecideAsync(delivery, cancellationToken);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailableException))
        {
            LogQuarantined(fault, delivery.Id, delivery.Account);
            return (null, Deciding.Quarantine(delivery, $"it could not be decided: {fault.GetType().Name}"));
        }
    }

    [LoggerMessage(201, LogLevel.Error, "The store could not be used; deciding was put off and is tried again each second")]
    private partial void LogStoreTrouble();

    [LoggerMessage(203, LogLevel.Error, "Delivery {DeliveryId} of account {Account} was quarantined: the engine ended again and again while it was deciding it")]
    private partial void LogPoison(long deliveryId, string account);

    [LoggerMessage(202, LogLevel.Error, "Delivery {DeliveryId} of account {Account} was quarantined")]
    private partial void LogQuarantined(Exception fault, long deliveryId, string account);

    /// <summary>A decision that is being written.</summary>
    /// <param name="Delivery">The delivery.</param>
    /// <param name="Event">Its event, where it is one that is decided.</param>
    /// <param name="Decided">Completes once it is written.</param>
    /// <param name="Span">Lasts until its runs are handed over.</param>
    private sealed record Completion(Delivery Delivery, Event? Event, Task<Decided> Decided, Activity? Span);
}
