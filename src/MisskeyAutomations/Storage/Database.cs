using System.Data.Common;

namespace MisskeyAutomations.Storage;

/// <summary>What differs between the databases that hold a store.</summary>
internal abstract class Database
{
    /// <summary>What people know it by: a path, or a server and the database there. Without passwords.</summary>
    public abstract string Name { get; }

    /// <summary>Whether other engines may work on it at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Whether event ids that are UUIDs are kept as 16 bytes; all are kept as text otherwise.</summary>
    public abstract bool PacksEventIds { get; }

    /// <summary>Brings it to this version's schema.</summary>
    /// <exception cref="StoreTooNewException">It has a migration that this version does not know.</exception>
    /// <exception cref="StoreInaccessibleException">It cannot be brought there.</exception>
    public abstract void Migrate();

    /// <summary>Gives space that is free to the system, and with it what had been written there. Takes long, and nobody else may use it.</summary>
    public abstract void Compact();

    /// <summary>Opens the connection that writes.</summary>
    public abstract WriterConnection OpenWriter();

    /// <summary>Opens a connection that only reads.</summary>
    public abstract DbConnection OpenReader();

    /// <summary>A statement in this database's SQL: index hints and lists are written as SQLite has them.</summary>
    public abstract string Translate(string sql);

    /// <summary>
    /// Whether the error says that nothing can be written now, whatever it is. The transaction may be gone after it, so it must not be
    /// blamed on the operation that met it.
    /// </summary>
    public abstract bool IsOfTheStore(DbException error);

    /// <summary>Whether the connection that met the error is to be opened anew before the next attempt.</summary>
    public abstract bool NeedsNewConnection(DbException error);

    /// <summary>What kind of trouble an error of writing tells of.</summary>
    public abstract StoreTroubleKind TroubleOf(Exception error);

    /// <summary>Why it cannot be written, and what to do about it.</summary>
    public abstract string SentenceOfWriting(Exception error);

    /// <summary>Why it could not be read, and what to do about it.</summary>
    public abstract string SentenceOfReading(DbException error);

    /// <summary>Why it cannot be used, and what to do about it.</summary>
    public abstract StoreInaccessibleException Explain(DbException error);
}
