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
internal sealed class StoreWriter : IDisposable
{
    private const long LongestLog = 64L * 1024 * 1024;

    private readonly Database _database;
    private readonly CommitWatch _commits;
    private readonly WriteQueue _queue;
    private readonly StoreSpace _space;
    private readonly StoreTroubles _troubles;
    private readonly ClockSteps? _clock;
    private readonly Thread _thread;
    private WriterConnection? _connection;
    private bool _isBroken;

    public StoreWriter(StoreOptions options, CommitWatch commits, StoreSpace space, StoreTroubles troubles, ClockSteps? clock)
    {
        _database = commits.Database;
        _commits = commits;
        _queue = new(options);
        _space = space;
        _troubles = troubles;
        _clock = clock;
        _connection = commits.Open();
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
    public Task<T> RunAsync<T>(Func<WriterConnection, T> change, CancellationToken cancellationToken) => RunAsync(change, isVital: false, cancellationToken);

    /// <summary>Makes a change for which the last room on the disk is kept; completes once it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be written now; the change was not made.</exception>
    public Task<T> RunVitalAsync<T>(Func<WriterConnection, T> change, CancellationToken cancellationToken) => RunAsync(change, isVital: true, cancellationToken);

    /// <summary>Makes a change; completes once it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be written now; the change was not made.</exception>
    public Task RunAsync(Action<WriterConnection> change, CancellationToken cancellationToken) => RunAsync<object?>(
        db =>
        {
            change(db);
            return null;
        },
        cancellationToken);

    /// <summary>Whether the clock can be trusted as far as to drop things for good by it. For changes to ask, which are made after a look at the clock.</summary>
    public bool IsClockSettled => _clock?.IsSettled ?? true;

    /// <summary>Looks at the clock, and tidies up what could not be tidied up before or what there is no room for.</summary>
    public void Look() => _queue.Nudge();

    /// <summary>Writes what waits, and closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        if (!_isBroken)
        {
            // SQLite flushes once more when it closes, and would believe what it is told.
            _connection?.Dispose();
        }
    }

    private Task<T> RunAsync<T>(Func<WriterConnection, T> change, bool isVital, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new Change<T>(change, isVital);
        _queue.Add(operation);
        return operation.Task;
    }

    private void WriteUntilClosed()
    {
        var batch = new List<WriteOperation>();
        while (_queue.Take(batch))
        {
            MoveWithClock();
            WriteAll(batch);
            Completions.Tell(batch);
            batch.Clear();
            TidyFiles();
        }

        if (!_isBroken)
        {
            _connection?.Checkpoint();
        }
    }

    // After the answers: nobody waits for it, and none of them was wrong if it fails.
    private void TidyFiles()
    {
        try
        {
            var left = _isBroken ? 0 : _connection?.Tidy(_space.IsShort || _space.IsLittle) ?? 0;
            if (left > LongestLog)
            {
                _troubles.Begin(StoreTroubleKind.LongLog, $"The log beside {_database.Name} has grown to {left / 1024 / 1024} MiB, since a program has been reading "
                    + "the database for long. End it (a backup, a shell of SQLite); the log shrinks by itself then.");
            }
            else if (left == 0)
            {
                _troubles.End(StoreTroubleKind.LongLog);
            }
        }
        catch (Exception error)
        {
            GiveUp([], error);
        }
    }

    // Before anything is reckoned by the new time.
    private void MoveWithClock()
    {
        if (_clock?.Look() is not { } step || step == TimeSpan.Zero || _isBroken)
        {
            return;
        }

        try
        {
            var db = _connection ??= _commits.Open();
            db.Begin(isExclusive: true);
            ClockRows.Move(db, step);
            _connection = _commits.Commit(db, isExclusive: true);
            _clock.Take();
        }
        catch (Exception error)
        {
            GiveUp([], error);
        }
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
        lot = WhatMayBeWritten(lot);
        if (lot.Count == 0)
        {
            return;
        }

        var begin = Stopwatch.GetTimestamp();
        try
        {
            var db = _connection ??= _commits.Open();
            db.Begin(isExclusive);
            if (!TryAll(lot, db, isExclusive))
            {
                db.Rollback();
                db.Begin(isExclusive);
                lot.ForEach(operation => ExecuteAlone(operation, db));
            }

            db.Tally.Write();
            KillPoint.Reach(KillPoint.BeforeCommit);
            db = _connection = _commits.Commit(db, isExclusive);
            KillPoint.Reach(KillPoint.AfterCommit);
            Measures.Committed(lot.Count, begin);
            Recovered(db);
        }
        catch (Exception error)
        {
            GiveUp(lot, error);
            if (_database.TroubleOf(error) == StoreTroubleKind.Full && _space.Spend())
            {
                // The ballast is gone for good now: there is no third time.
                Write(VitalWrites.Again(lot), isExclusive);
            }
        }
    }

    private List<WriteOperation> WhatMayBeWritten(List<WriteOperation> lot)
    {
        if (!_isBroken && !_space.IsShort)
        {
            return lot;
        }

        return VitalWrites.Only(lot, evenThem: _isBroken, _troubles.Current?.Sentence ?? "The store cannot be written now.");
    }

    // Savepoints cost both databases much, and hardly ever does an operation fail: then all are undone and begin anew, each in one of its own.
    private static bool TryAll(List<WriteOperation> lot, WriterConnection db, bool isExclusive)
    {
        try
        {
            if (isExclusive)
            {
                lot.ForEach(operation => operation.Execute(db));
            }
            else
            {
                db.AddTogether([.. lot.Cast<AddDelivery>()]);
            }

            db.Flush();
            return true;
        }
        catch (Exception error) when (!(error is DbException fault && db.Database.IsOfTheStore(fault)))
        {
            return false;
        }
    }

    private static void ExecuteAlone(WriteOperation operation, WriterConnection db)
    {
        try
        {
            db.Save();
            operation.Execute(db);
            db.Release();
        }
        catch (Exception error) when (db.IsInTransaction && !(error is DbException fault && db.Database.IsOfTheStore(fault)))
        {
            operation.Failure = error;
            db.Undo();
        }
    }

    private void Recovered(WriterConnection db)
    {
        if (_troubles.Current is null)
        {
            return;
        }

        db.WaitForOthers(isShort: false);
        _troubles.EndWriting();
        if (!_space.IsShort)
        {
            _troubles.End(StoreTroubleKind.Full);
        }
    }

    private void GiveUp(List<WriteOperation> lot, Exception error)
    {
        var unavailable = new StoreUnavailableException($"The store cannot be written: {error.Message}", error);
        foreach (var operation in lot)
        {
            operation.Failure ??= unavailable;
        }

        var kind = _database.TroubleOf(error);
        _isBroken |= kind == StoreTroubleKind.Broken;
        _troubles.Begin(kind, _database.SentenceOfWriting(error), error);
        if (_isBroken)
        {
            return;
        }

        try
        {
            _connection?.Rollback();
            _connection?.WaitForOthers(isShort: kind == StoreTroubleKind.Busy);
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
