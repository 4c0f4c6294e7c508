using System.Data.Common;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Watches what becomes of the writer's commits: asks the database where the connection was lost meanwhile, and notices when a database
/// has lost what it had confirmed. Used on the writer's thread.
/// </summary>
internal sealed partial class CommitWatch(Database database, ILogger<CommitWatch> logger)
{
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _lease;
    private long _number;
    private long _confirmed;

    /// <summary>The database that is written.</summary>
    public Database Database => database;

    /// <summary>The lease of this engine, by which the database tells its transactions; 0 until it has one.</summary>
    public long Lease
    {
        get => Volatile.Read(ref _lease);
        set => Volatile.Write(ref _lease, value);
    }

    /// <summary>Opens a connection that writes.</summary>
    public WriterConnection Open()
    {
        var db = database.OpenWriter();
        TellConcerns(db);

        if (Lease > 0 && db.LastCommit(Lease) is { } last && last < _confirmed)
        {
            LogLost(_confirmed - last);
            _confirmed = last;
        }

        return db;
    }

    /// <summary>
    /// Commits. Where the connection is lost meanwhile, nobody says whether it was done. Deliveries may be told again; of all else the
    /// database is asked.
    /// </summary>
    /// <returns>The connection to go on with.</returns>
    /// <exception cref="DbException">It was not committed, or the database cannot be asked within 5 s.</exception>
    public WriterConnection Commit(WriterConnection db, bool isExclusive)
    {
        var mark = new CommitMark(Lease, ++_number);
        try
        {
            db.Commit(mark);
        }
        catch (DbException) when (isExclusive && database.IsShared && mark.Lease > 0)
        {
            if (FindCommitted(mark) is not { } next)
            {
                throw;
            }

            LogCommitted();
            db.Dispose();
            db = next;
        }

        _confirmed = mark.Number;
        return db;
    }

    // Once for each server, not at each connection to it.
    private void TellConcerns(WriterConnection db)
    {
        if (db.IsOnAnotherServer)
        {
            _told.Clear();
        }

        foreach (var concern in db.Concerns.Where(_told.Add))
        {
            LogConcern(concern);
        }
    }

    private WriterConnection? FindCommitted(CommitMark mark)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            WriterConnection? next = null;
            try
            {
                next = Open();
                if (next.HasCommitted(mark))
                {
                    return next;
                }

                next.Dispose();
                return null;
            }
            catch (DbException)
            {
                next?.Dispose();
                if (TimeProvider.System.GetElapsedTime(began) >= LongestQuestion)
                {
                    return null;
                }

                Task.Delay(BetweenQuestions, TimeProvider.System).Wait();
            }
        }
    }

    [LoggerMessage(EventId = 2120, Level = LogLevel.Warning, Message = "The database is not as it should be: {Concern}")]
    private partial void LogConcern(string concern);

    [LoggerMessage(EventId = 2121, Level = LogLevel.Warning, Message = "The database lost {Count} transactions that it had confirmed to this engine: they were not on the server that goes on now. What they did may be done again, and events in them come back only by catching up")]
    private partial void LogLost(long count);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Information, Message = "The connection was lost during a commit; the database was asked and has committed it")]
    private partial void LogCommitted();
}
