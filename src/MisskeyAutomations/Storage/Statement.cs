using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage;

/// <summary>
/// A prepared statement of the writer's connection. Values are bound in the order of the question marks; running or reading it to the
/// end makes it ready for the next use.
/// </summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    private int _bound;

    public Statement Bind(long value) => Checked(sqlite3_bind_int64(statement, ++_bound, value));

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(string? value) => value is null ? BindNull() : Checked(sqlite3_bind_text(statement, ++_bound, value));

    public Statement Bind(DateTimeOffset value) => Bind(value.ToUnixTimeMilliseconds());

    public Statement Bind(DateTimeOffset? value) => Bind(value?.ToUnixTimeMilliseconds());

    public Statement BindBlob(ReadOnlySpan<byte> value) => value.IsEmpty
        ? Checked(sqlite3_bind_zeroblob(statement, ++_bound, 0)) : Checked(sqlite3_bind_blob(statement, ++_bound, value));

    public Statement BindBlob(byte[]? value) => value is null ? BindNull() : BindBlob(value.AsSpan());

    /// <summary>Runs it and gives the number of rows that it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return sqlite3_changes(database);
    }

    /// <summary>The first row, or the default value when there is none.</summary>
    public T? First<T>(Func<Statement, T> read)
    {
        var value = Step() ? read(this) : default;
        Reset();
        return value;
    }

    /// <summary>The first column of the first row as a number; null when there is no row.</summary>
    public long? Number() => First<long?>(static row => row.Long(0));

    /// <summary>All rows.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step())
        {
            rows.Add(read(this));
        }

        Reset();
        return rows;
    }

    public bool IsNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;

    public long Long(int column) => sqlite3_column_int64(statement, column);

    public int Int(int column) => sqlite3_column_int(statement, column);

    public bool Bool(int column) => sqlite3_column_int(statement, column) != 0;

    public string Text(int column) => sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : sqlite3_column_blob(statement, column).ToArray();

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => statement.Dispose();

    private bool Step()
    {
        var code = sqlite3_step(statement);
        if (code is not (SQLITE_ROW or SQLITE_DONE))
        {
            var error = Error(code);
            Reset();
            throw error;
        }

        return code == SQLITE_ROW;
    }

    // The reset repeats the error of the step, which was thrown already.
    private void Reset()
    {
        _ = sqlite3_reset(statement);
        _bound = 0;
    }

    private Statement BindNull() => Checked(sqlite3_bind_null(statement, ++_bound));

    private Statement Checked(int code)
    {
        if (code != SQLITE_OK)
        {
            var error = Error(code);
            Reset();
            throw error;
        }

        return this;
    }

    private SqliteException Error(int code) =>
        new($"SQLite error {code}: {sqlite3_errmsg(database).utf8_to_string()}", code & 0xff, sqlite3_extended_errcode(database));
}
