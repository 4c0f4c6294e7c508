using System.Diagnostics.CodeAnalysis;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>A statement that is sent to PostgreSQL, which keeps it prepared from its second use on.</summary>
internal sealed class PostgresStatement(PostgresPipeline pipeline, string sql) : Statement
{
    private NpgsqlBatchCommand _next = new(sql);
    private NpgsqlDataReader? _rows;

    /// <inheritdoc/>
    public override Statement Bind(long? value) => Bind(value, NpgsqlDbType.Bigint);

    /// <inheritdoc/>
    public override Statement Bind(string? value) => Bind(Storable(value), NpgsqlDbType.Text);

    /// <inheritdoc/>
    public override Statement BindBlob(ReadOnlySpan<byte> value) => Bind(value.ToArray(), NpgsqlDbType.Bytea);

    /// <inheritdoc/>
    public override Statement BindBlob(byte[]? value) => Bind(value, NpgsqlDbType.Bytea);

    /// <summary>An array of values, for <c>unnest</c>.</summary>
    public PostgresStatement BindArray<T>(T[] values, NpgsqlDbType type)
    {
        _next.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        return this;
    }

    /// <inheritdoc/>
    public override void Run() => pipeline.Add(Take());

    /// <inheritdoc/>
    public override int RunAndCount() => pipeline.Count(Take());

    /// <inheritdoc/>
    public override T? First<T>(Func<Statement, T> read)
        where T : default => Read(rows => rows.Read() ? read(this) : default);

    /// <inheritdoc/>
    public override List<T> All<T>(Func<Statement, T> read) => Read(rows =>
    {
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(read(this));
        }

        return all;
    });

    /// <inheritdoc/>
    public override bool IsNull(int column) => _rows!.IsDBNull(column);

    /// <inheritdoc/>
    public override long Long(int column) => IsNull(column) ? 0 : _rows!.GetInt64(column);

    /// <inheritdoc/>
    public override string Text(int column) => _rows!.GetString(column);

    /// <inheritdoc/>
    public override byte[]? BlobOrNull(int column) => IsNull(column) ? null : _rows!.GetFieldValue<byte[]>(column);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <summary>The text as it can be stored: PostgreSQL takes neither U+0000 nor halves of surrogate pairs.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Storable(string? text) => text is not null && (text.Contains('\0', StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD') : text;

    private PostgresStatement Bind(object? value, NpgsqlDbType type)
    {
        _next.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return this;
    }

    private T Read<T>(Func<NpgsqlDataReader, T> read)
    {
        try
        {
            return pipeline.Read(Take(), rows => read(_rows = rows));
        }
        finally
        {
            _rows = null;
        }
    }

    private NpgsqlBatchCommand Take()
    {
        var statement = _next;
        _next = new(sql);
        return statement;
    }
}
