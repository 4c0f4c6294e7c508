using NpgsqlTypes;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>Adds deliveries in one statement: on two cores a few thousand a second instead of a few hundred.</summary>
internal static class DeliveryBatch
{
    // Of equal ones in a batch the first is stored. All engines add them in the same order, so that none waits for another that waits for it.
    private const string Insert = """
        with given as (
            select * from unnest(?, ?, ?, ?, ?, ?, ?) with ordinality as g (hook, created_at, event_id, source, received_at, scrubbed, body, n)),
        firsts as (select distinct on (hook, created_at, event_id) * from given order by hook, created_at, event_id, n),
        added as (
            insert into deliveries (hook, created_at, event_id, source, received_at, scrubbed, state)
            select hook, created_at, event_id, source, received_at, scrubbed, 0 from firsts order by hook, created_at, event_id
            on conflict (hook, created_at, event_id) do nothing
            returning id, hook, created_at, event_id),
        bodied as (
            insert into bodies (delivery, body)
            select a.id, f.body from added a join firsts f on f.hook = a.hook and f.created_at = a.created_at and f.event_id = a.event_id)
        select f.n from added a join firsts f on f.hook = a.hook and f.created_at = a.created_at and f.event_id = a.event_id
        """;

    /// <summary>Adds them, and tells each whether it is new.</summary>
    public static void Add(PostgresWriter db, IReadOnlyList<AddDelivery> deliveries)
    {
        var hooks = Each(add => db.Names.Hook(add.Delivery.Account, add.Delivery.HookId));
        var statement = ((PostgresStatement)db.Sql(Insert))
            .BindArray(hooks, NpgsqlDbType.Bigint)
            .BindArray(Each(static add => add.Delivery.CreatedAt), NpgsqlDbType.Bigint)
            .BindArray(Each(static add => PostgresStatement.Storable(add.Delivery.EventId)), NpgsqlDbType.Text)
            .BindArray(Each(static add => add.Source), NpgsqlDbType.Bigint)
            .BindArray(Each(static add => add.Delivery.ReceivedAt.ToUnixTimeMilliseconds()), NpgsqlDbType.Bigint)
            .BindArray(Each(static add => add.Delivery.Scrubbed ? 1L : 0L), NpgsqlDbType.Bigint)
            .BindArray(Each(static add => add.Delivery.Body.ToArray()), NpgsqlDbType.Bytea);
        foreach (var number in statement.All(static row => row.Long(0)))
        {
            deliveries[(int)number - 1].IsNew = true;
        }

        T[] Each<T>(Func<AddDelivery, T> read) => [.. deliveries.Select(read)];
    }
}
