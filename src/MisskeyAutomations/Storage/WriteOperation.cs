namespace MisskeyAutomations.Storage;

/// <summary>One change of the store, queued to the writer. It is carried out whole or not at all, in a transaction that others share.</summary>
internal abstract class WriteOperation
{
    /// <summary>Whether it is a new delivery: those go first, since somebody waits for the answer.</summary>
    public virtual bool IsDelivery => false;

    /// <summary>Whether it must be written even when hardly any room is left: without it, nobody would know any more what was done.</summary>
    public virtual bool IsVital => false;

    /// <summary>How much memory it holds, roughly, beyond a fixed few hundred bytes.</summary>
    public virtual int ByteCount => 0;

    /// <summary>Why it failed; null as long as it did not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Makes the change; on the writer's thread, in an open transaction. Called again where that was undone.</summary>
    public abstract void Execute(WriterConnection db);

    /// <summary>
    /// Tells who waits: after the commit, or with a <see cref="Failure"/>. Runs on the thread pool for deliveries, otherwise on the
    /// writer's thread, and must not block.
    /// </summary>
    public abstract void Complete();
}

/// <summary>A change that gives a value.</summary>
internal sealed class Change<T>(Func<WriterConnection, T> change, bool isVital) : WriteOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _value = default!;

    public Task<T> Task => _done.Task;

    public override bool IsVital => isVital;

    public override void Execute(WriterConnection db) => _value = change(db);

    public override void Complete()
    {
        if (Failure is { } failure)
        {
            _done.SetException(failure);
        }
        else
        {
            _done.SetResult(_value);
        }
    }
}
