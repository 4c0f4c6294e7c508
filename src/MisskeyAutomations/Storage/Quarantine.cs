using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Lets go what was set aside because it could not be decided, or because the engine died at it.</summary>
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
