using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>The one connection of this process that writes, with its prepared statements. Used on the writer's thread only.</summary>
internal abstract class WriterConnection : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    protected WriterConnection(Database database)
    {
        Database = database;
        Names = new(this);
        Tally = new(this);
    }

    /// <summary>The database that it is connected to.</summary>
    public Database Database { get; }

    /// <summary>The numbers of accounts, hooks and rules.</summary>
    public NameTable Names { get; }

    /// <summary>Counts what is done in the open transaction.</summary>
    public Tally Tally { get; }

    /// <summary>The runs that wait for budgets.</summary>
    public BudgetWaits Waiting { get; } = new();

    /// <summary>What a person should know about the database, as it was found when the connection was opened.</summary>
    public IReadOnlyList<string> Concerns { get; protected init; } = [];

    /// <summary>Whether the database was on another server before; one of the <see cref="Concerns"/> says so.</summary>
    public bool IsOnAnotherServer { get; protected init; }

    /// <summary>Whether a transaction is open that can go on. Some errors end it by themselves.</summary>
    public abstract bool IsInTransaction { get; }

    /// <summary>The prepared statement of this SQL, which must be a literal: it is found by reference and kept.</summary>
    public Statement Sql(string text)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            statement = Prepare(text);
            _statements.Add(text, statement);
        }

        return statement;
    }

    /// <summary>Begins a transaction.</summary>
    /// <param name="isExclusive">Whether it keeps every other writer out until its end. Adding deliveries needs nobody kept out.</param>
    public abstract void Begin(bool isExclusive);

    /// <param name="mark">What tells later that it was committed, where the connection may be lost meanwhile.</param>
    public abstract void Commit(CommitMark mark);

    /// <summary>Whether the transaction of the mark was committed; waits until it is decided. No transaction may be open.</summary>
    public virtual bool HasCommitted(CommitMark mark) => false;

    /// <summary>The number of the newest transaction of an engine that the database has; null where it does not say.</summary>
    public virtual long? LastCommit(long lease) => null;

    /// <summary>Undoes the open transaction, if the database has not done so already.</summary>
    public void Rollback()
    {
        Forget();
        Names.Forget();
        Waiting.Clear();
        Tally.Clear();
        if (IsInTransaction)
        {
            UndoAll();
        }
    }

    /// <summary>Begins what can be undone by itself.</summary>
    public void Save()
    {
        Tally.Save();
        Sql("savepoint operation").Run();
        Flush();
    }

    /// <summary>Ends what was begun by <see cref="Save"/>.</summary>
    public void Release()
    {
        Sql("release savepoint operation").Run();
        Flush();
    }

    /// <summary>Undoes what was done since <see cref="Save"/>.</summary>
    public void Undo()
    {
        Forget();
        Names.Forget();
        Tally.Undo();
        Sql("rollback to savepoint operation").Run();
        Release();
    }

    /// <summary>Adds deliveries in one go, where the database is faster so.</summary>
    public virtual void AddTogether(IReadOnlyList<AddDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            delivery.Execute(this);
        }
    }

    /// <summary>Sends statements that were put off.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Keeps the files beside the database small; outside of transactions.</summary>
    /// <param name="isThrifty">Whether there is little room on the disk.</param>
    /// <returns>How much there is that cannot be tidied up as long as somebody reads it, in bytes.</returns>
    public virtual long Tidy(bool isThrifty) => 0;

    /// <summary>How long it waits for other programs: usually for as long as whoever asks can wait, and hardly while they are known to hold it.</summary>
    public virtual void WaitForOthers(bool isShort)
    {
    }

    /// <summary>Tidies up the files before the end.</summary>
    public abstract void Checkpoint();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Close();
    }

    protected abstract Statement Prepare(string text);

    /// <summary>Statements that were put off are not sent any more.</summary>
    protected virtual void Forget()
    {
    }

    protected abstract void UndoAll();

    protected abstract void Close();
}

/// <summary>The number of a transaction among those of its engine.</summary>
/// <param name="Lease">The lease of the engine; 0 before it has one.</param>
/// <param name="Number">The number; each is greater than the one before.</param>
internal readonly record struct CommitMark(long Lease, long Number);
