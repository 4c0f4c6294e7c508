using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Stores a delivery unless the same hook's same event id is stored.</summary>
internal sealed class AddDelivery(NewDelivery delivery, long source, Arrivals arrivals) : WriteOperation
{
    // Continuations run where Complete does: on the thread pool, in lots. See Completions.
    private readonly TaskCompletionSource<bool> _done = new();

    public Task<bool> Task => _done.Task;

    public NewDelivery Delivery => delivery;

    public long Source => source;

    /// <summary>Whether it was stored by this operation.</summary>
    public bool IsNew { get; set; }

    public override bool IsDelivery => true;

    public override int ByteCount => delivery.Body.Length;

    public override void Execute(WriterConnection db) => IsNew = Add(db, delivery, source) is not null;

    public override void Complete()
    {
        if (Failure is { } failure)
        {
            _done.SetException(failure);
            return;
        }

        if (IsNew)
        {
            arrivals.Signal();
        }

        _done.SetResult(IsNew);
    }

    /// <summary>Stores it with its body, if it is new.</summary>
    /// <returns>Its number; null when it is stored already.</returns>
    public static long? Add(WriterConnection db, NewDelivery delivery, long source)
    {
        var hook = db.Names.Hook(delivery.Account, delivery.HookId);
        const string InsertDelivery = """
            insert into deliveries (hook, created_at, event_id, source, received_at, scrubbed, state) values (?, ?, ?, ?, ?, ?, 0)
            on conflict (hook, created_at, event_id) do nothing
            returning id
            """;
        var id = db.Sql(InsertDelivery).Bind(hook).Bind(delivery.CreatedAt).BindEventId(delivery.EventId, db.Database.PacksEventIds).Bind(source)
            .Bind(delivery.ReceivedAt).Bind(delivery.Scrubbed).Number();
        if (id is not null)
        {
            db.Sql("insert into bodies (delivery, body) values (?, ?)").Bind(id.Value).BindBlob(delivery.Body.Span).Run();
        }

        return id;
    }
}
