using System.Data.Common;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>
/// The one writer of the store: a thread that puts whatever waits into one transaction, commits it to the disk and then tells everybody
/// who waited. An operation that fails takes none of its neighbours along, and a disk that fails does not end the thread.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly Database _database;
    private readonly WriteQueue _queue;
    private readonly StoreTroubles _troubles;
    private readonly Thread _thread;
    private WriterConnection? _connection;

    public StoreWriter(StoreOptions options, Database database, StoreTroubles troubles)
    {
        _database = database;
        _queue = new(options);
        _troubles = troubles;
        _connection = database.OpenWriter();
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    /// <summary>Whether other engines may write to the same database.</summary>
    public bool IsShared => _database.IsShared;

    /// <summary>Queues an operation; it tells by itself when it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">Too much waits already, or the store is closed.</exception>
    public void Enqueue(WriteOperation operation) => _queue.Add(operation);

    /// <summary>Makes a change; completes once it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be written now; the change was not made.</exception>
    public Task<T> RunAsync<T>(Func<WriterConnection, T> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new Change<T>(change);
        _queue.Add(operation);
        return operation.Task;
    }

    /// <summary>Makes a change; completes once it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be written now; the change was not made.</exception>
    public Task RunAsync(Action<WriterConnection> change, CancellationToken cancellationToken) => RunAsync<object?>(
        db =>
        {
            change(db);
            return null;
        },
        cancellationToken);

    /// <summary>Writes what waits, and closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _connection?.Dispose();
    }

    private void WriteUntilClosed()
    {
        var batch = new List<WriteOperation>();
        while (_queue.Take(batch))
        {
            WriteAll(batch);
            Completions.Tell(batch);
            batch.Clear();
        }

        _connection?.Checkpoint();
    }

    // On a shared database deliveries are committed by themselves: whoever waits for their answer waits for no other engine.
    private void WriteAll(List<WriteOperation> batch)
    {
        var deliveries = _database.IsShared ? batch.Where(static operation => operation.IsDelivery).ToList() : [];
        if (deliveries.Count is 0 || deliveries.Count == batch.Count)
        {
            Write(batch, isExclusive: deliveries.Count == 0);
            return;
        }

        Write(deliveries, isExclusive: false);
        Write(batch.Where(static operation => !operation.IsDelivery).ToList(), isExclusive: true);
    }

    private void Write(List<WriteOperation> lot, bool isExclusive)
    {
        try
        {
            var db = _connection ??= _database.OpenWriter();
            db.Begin(isExclusive);
            if (isExclusive || !db.TryAddTogether([.. lot.Cast<AddDelivery>()]))
            {
                foreach (var operation in lot)
                {
                    Execute(operation, db);
                }
            }

            KillPoint.Reach(KillPoint.BeforeCommit);
            db.Commit();
            KillPoint.Reach(KillPoint.AfterCommit);
            _troubles.EndWriting();
        }
        catch (Exception error)
        {
            GiveUp(lot, error);
        }
    }

    private static void Execute(WriteOperation operation, WriterConnection db)
    {
        try
        {
            if (operation.UndoesItself && !db.NeedsSavepoints)
            {
                operation.Execute(db);
                return;
            }

            db.Save();
            operation.Execute(db);
            db.Release();
        }
        catch (Exception error) when (db.IsInTransaction && !(error is DbException fault && db.Database.IsOfTheStore(fault)))
        {
            operation.Failure = error;
            if (!operation.UndoesItself || db.NeedsSavepoints)
            {
                db.Undo();
            }
        }
    }

    private void GiveUp(List<WriteOperation> lot, Exception error)
    {
        var unavailable = new StoreUnavailableException($"The store cannot be written: {error.Message}", error);
        foreach (var operation in lot)
        {
            operation.Failure ??= unavailable;
        }

        _troubles.Begin(_database.TroubleOf(error), _database.SentenceOfWriting(error), error);
        try
        {
            _connection?.Rollback();
            if (error is not DbException fault || _database.NeedsNewConnection(fault))
            {
                _connection?.Dispose();
                _connection = null;
            }
        }
        catch (DbException)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }
}
