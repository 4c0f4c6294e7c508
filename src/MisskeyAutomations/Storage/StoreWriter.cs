using System.Data.Common;
using System.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Storage;

/// <summary>
/// The one writer of the store: a thread that puts whatever waits into one transaction, commits it to the disk and then tells everybody
/// who waited. An operation that fails takes none of its neighbours along, and a disk that fails does not end the thread.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    private readonly Database _database;
    private readonly WriteQueue _queue;
    private readonly ILogger<StoreWriter> _logger;
    private readonly Thread _thread;
    private WriterConnection? _connection;
    private volatile bool _isFaulty;

    public StoreWriter(StoreOptions options, Database database, ILogger<StoreWriter> logger)
    {
        _database = database;
        _queue = new(options);
        _logger = logger;
        _connection = database.OpenWriter();
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    /// <summary>Whether other engines may write to the same database.</summary>
    public bool IsShared => _database.IsShared;

    /// <summary>Whether the last change could not be written.</summary>
    public bool IsFaulty => _isFaulty;

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
        var begin = Stopwatch.GetTimestamp();
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
            Measures.Committed(lot.Count, begin);
            Recovered();
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

        if (!_isFaulty)
        {
            _isFaulty = true;
            LogUnavailable(error);
        }

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

    private void Recovered()
    {
        if (_isFaulty)
        {
            _isFaulty = false;
            LogRecovered();
        }
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "The store could not be written; deliveries were refused until it can be written again")]
    private partial void LogUnavailable(Exception error);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Information, Message = "The store was written again after a fault")]
    private partial void LogRecovered();
}
