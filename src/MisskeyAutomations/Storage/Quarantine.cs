using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Lets go what was set aside because it could not be decided, or because the engine died at it, or gives it up.</summary>
internal sealed class Quarantine(Store store, StoredInbox inbox)
{
    /// <summary>Has a delivery decided anew.</summary>
    /// <returns>False when there is no such delivery, or it is not in quarantine.</returns>
    public async Task<bool> RetryDeliveryAsync(long deliveryId, CancellationToken cancellationToken)
    {
        const string Sql = "update deliveries set state = 0, note = null where id = ? and state = 5";
        var isLetGo = await LetGoAsync(Evaluated.Delivery(deliveryId), db => db.Sql(Sql).Bind(deliveryId).RunAndCount(), cancellationToken);
        if (isLetGo)
        {
            inbox.LookAgain();
        }

        return isLetGo;
    }

    /// <summary>Takes up a run where it stood. Limits do not know it any more: its places were given back when it was set aside.</summary>
    /// <returns>False when there is no such run, or it was not set aside.</returns>
    public Task<bool> RetryRunAsync(long runId, CancellationToken cancellationToken)
    {
        const string Sql = """
            update runs set state = 2, waits_for = 0, due_at = ?, wake_at = ?, lease = null, reason = null
            where id = ? and state = 6 and exists (select 1 from deaths where kind = 1 and id = runs.id)
            """;
        var now = store.Time.GetUtcNow();
        return LetGoAsync(Evaluated.Run(runId), db => db.Sql(Sql).Bind(now).Bind(now).Bind(runId).RunAndCount(), cancellationToken);
    }

    /// <summary>Gives an event up: it is not decided any more, however it is reported.</summary>
    /// <returns>False when there is no such delivery, or it is not in quarantine.</returns>
    public Task<bool> DropDeliveryAsync(long deliveryId, CancellationToken cancellationToken)
    {
        const string Sql = $"update deliveries set state = 6, note = '{RunReasons.GivenUpByPerson}' where id = ? and state = 5";
        var happening = UnsettledEvents.Find(store.Readers, deliveryId);
        return LetGoAsync(
            Evaluated.Delivery(deliveryId),
            db =>
            {
                var dropped = db.Sql(Sql).Bind(deliveryId).RunAndCount();
                if (dropped > 0 && happening is not null)
                {
                    Claim(db, deliveryId, happening);
                }

                return dropped;
            },
            cancellationToken);
    }

    /// <summary>Gives a run up: it stays failed.</summary>
    /// <returns>False when there is no such run, or it was not set aside.</returns>
    public Task<bool> DropRunAsync(long runId, CancellationToken cancellationToken)
    {
        const string Sql = "delete from deaths where kind = 1 and id = ? and exists (select 1 from runs r where r.id = deaths.id and r.state = 6)";
        return LetGoAsync(Evaluated.Run(runId), db => db.Sql(Sql).Bind(runId).RunAndCount(), cancellationToken);
    }

    private static void Claim(WriterConnection db, long deliveryId, Event happening)
    {
        var origin = db.Sql("select hook, source from deliveries where id = ?").Bind(deliveryId).First(static row => new Origin(row.Long(0), row.Long(1)))!;
        var decision = new Decision
        {
            DeliveryId = deliveryId,
            Account = happening.Account,
            HookId = happening.HookId ?? "",
            State = DeliveryState.Dropped,
            Type = happening.Type,
            EventAt = happening.CreatedAt,
            IsReadable = happening.Standing != EventStanding.Hidden,
        };
        Subjects.Claim(db, decision, happening.Subject, origin, out _);
    }

    // Forgotten before anybody can take it up again.
    private Task<bool> LetGoAsync(Evaluated what, Func<WriterConnection, int> reopen, CancellationToken cancellationToken) => store.Writer.RunAsync(
        db =>
        {
            if (reopen(db) == 0)
            {
                return false;
            }

            Deaths.Forget(db, what);
            store.BlackBox.Forgive(what);
            return true;
        },
        cancellationToken);
}
