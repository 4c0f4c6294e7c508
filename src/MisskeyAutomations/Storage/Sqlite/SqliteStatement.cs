using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace MisskeyAutomations.Storage.Sqlite;

/// <summary>A statement that SQLite has prepared.</summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : Statement
{
    private int _bound;

    public override Statement Bind(long? value) => value is { } number ? Checked(sqlite3_bind_int64(statement, ++_bound, number)) : BindNull();

    public override Statement Bind(string? value) => value is null ? BindNull() : Checked(sqlite3_bind_text(statement, ++_bound, value));

    public override Statement BindBlob(ReadOnlySpan<byte> value) => value.IsEmpty
        ? Checked(sqlite3_bind_zeroblob(statement, ++_bound, 0)) : Checked(sqlite3_bind_blob(statement, ++_bound, value));

    public override Statement BindBlob(byte[]? value) => value is null ? BindNull() : BindBlob(value.AsSpan());

    public override void Run()
    {
        Step();
        Reset();
    }

    public override int RunAndCount()
    {
        Run();
        return sqlite3_changes(database);
    }

    public override T? First<T>(Func<Statement, T> read)
        where T : default
    {
        var value = Step() ? read(this) : default;
        Reset();
        return value;
    }

    public override List<T> All<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step())
        {
            rows.Add(read(this));
        }

        Reset();
        return rows;
    }

    public override bool IsNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;

    public override long Long(int column) => sqlite3_column_int64(statement, column);

    public override string Text(int column) => sqlite3_column_text(statement, column).utf8_to_string();

    public override byte[]? BlobOrNull(int column) => IsNull(column) ? null : sqlite3_column_blob(statement, column).ToArray();

    public override void Dispose() => statement.Dispose();

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

    private SqliteStatement BindNull() => Checked(sqlite3_bind_null(statement, ++_bound));

    private SqliteStatement Checked(int code)
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
