namespace MisskeyAutomations.Storage;

/// <summary>
/// A prepared statement of the writer's connection. Values are bound in the order of the question marks; running or reading it to the
/// end makes it ready for the next use.
/// </summary>
internal abstract class Statement : IDisposable
{
    public abstract Statement Bind(long? value);

    public abstract Statement Bind(string? value);

    public abstract Statement BindBlob(ReadOnlySpan<byte> value);

    public abstract Statement BindBlob(byte[]? value);

    public Statement Bind(long value) => Bind((long?)value);

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(DateTimeOffset value) => Bind(value.ToUnixTimeMilliseconds());

    public Statement Bind(DateTimeOffset? value) => Bind(value?.ToUnixTimeMilliseconds());

    /// <summary>
    /// Runs it, at the latest before the next one of the connection that gives something. So it may be another one that fails because of it, in
    /// the same operation or a later one.
    /// </summary>
    public abstract void Run();

    /// <summary>Runs it now and gives the number of rows that it changed.</summary>
    public abstract int RunAndCount();

    /// <summary>The first row, or the default value when there is none.</summary>
    public abstract T? First<T>(Func<Statement, T> read);

    /// <summary>The first column of the first row as a number; null when there is no row.</summary>
    public long? Number() => First<long?>(static row => row.Long(0));

    /// <summary>All rows.</summary>
    public abstract List<T> All<T>(Func<Statement, T> read);

    public abstract bool IsNull(int column);

    /// <summary>A number; 0 for null.</summary>
    public abstract long Long(int column);

    public int Int(int column) => (int)Long(column);

    public bool Bool(int column) => Long(column) != 0;

    public abstract string Text(int column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public abstract byte[]? BlobOrNull(int column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public abstract void Dispose();
}
