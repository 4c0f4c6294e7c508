using System.Data.Common;
using System.Text;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>One table on its way from a file into PostgreSQL. All its columns are there too, under the same names.</summary>
/// <param name="name">Its name.</param>
/// <param name="columns">Its columns, and of which type they are in PostgreSQL.</param>
internal sealed class MovedTable(string name, IReadOnlyList<(string Name, NpgsqlDbType Type)> columns)
{
    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private readonly string _list = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));

    public string Name => name;

    /// <summary>Reads how a table of the file looks in PostgreSQL.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or lacks a column.</exception>
    public static MovedTable Read(DbConnection file, NpgsqlConnection server, string name)
    {
        const string Columns = """
            select column_name, data_type from information_schema.columns where table_schema = current_schema() and table_name = @name
            """;
        var types = server.Query<(string Column, string Type)>(Columns, new { name }).ToDictionary(row => row.Column, row => row.Type, StringComparer.Ordinal);
        return new(name, [.. file.Query<string>("select name from pragma_table_info(@name)", new { name }).Select(column => (column, TypeOf(types, name, column)))]);
    }

    /// <summary>How many rows are to be moved.</summary>
    public long CountIn(DbConnection file) => file.ExecuteScalar<long>($"select count(*) from \"{name}\"");

    /// <summary>Copies all rows.</summary>
    /// <returns>What arrives if all is well; to be disposed of.</returns>
    public RowSum Copy(DbConnection file, NpgsqlConnection server, Action<long> tell)
    {
        var sum = new RowSum();
        var row = new object?[columns.Count];

        // Texts as bytes: a zero inside would end them for the reader.
        var given = string.Join(", ", columns.Select(column => $"case typeof(\"{column.Name}\") when 'text' then cast(\"{column.Name}\" as blob) else \"{column.Name}\" end, typeof(\"{column.Name}\")"));
        using var rows = file.ExecuteReader($"select {given} from \"{name}\"");
        using var copy = server.BeginBinaryImport($"copy \"{name}\" ({_list}) from stdin (format binary)");
        copy.Timeout = TimeSpan.Zero;
        while (rows.Read())
        {
            copy.StartRow();
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = Convert(rows.GetValue(column * 2), rows.GetString((column * 2) + 1), columns[column].Type);
                Write(copy, row[column], columns[column].Type);
            }

            sum.Add(row);
            tell(sum.Count);
        }

        copy.Complete();
        return sum;
    }

    /// <summary>Reads what arrived; to be disposed of.</summary>
    public RowSum ReadBack(NpgsqlConnection server)
    {
        var sum = new RowSum();
        var row = new object?[columns.Count];
        using var command = new NpgsqlCommand($"select {_list} from \"{name}\"", server) { CommandTimeout = 0 };
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = rows.IsDBNull(column) ? null : rows.GetValue(column);
            }

            sum.Add(row);
        }

        return sum;
    }

    /// <summary>Lets the numbers that the server gives go on after those that came.</summary>
    public void ContinueNumbers(NpgsqlConnection server)
    {
        const string Identity = """
            select column_name from information_schema.columns
            where table_schema = current_schema() and table_name = @name and is_identity = 'YES'
            """;
        foreach (var column in server.Query<string>(Identity, new { name }))
        {
            server.Execute($"select setval(pg_get_serial_sequence('\"{name}\"', '{column}'), (select max(\"{column}\") from \"{name}\")) from \"{name}\" limit 1");
        }
    }

    private static NpgsqlDbType TypeOf(Dictionary<string, string> types, string table, string column) => types.GetValueOrDefault(column) switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        var other => throw new InvalidOperationException($"{table}.{column} of the embedded store is {other ?? "missing"} in PostgreSQL."),
    };

    // Event ids that are packed in the file are texts on the server, which keeps neither U+0000 nor halves of surrogate pairs.
    private static object? Convert(object value, string kind, NpgsqlDbType type) => (kind, type) switch
    {
        ("null", _) => null,
        ("text", NpgsqlDbType.Text) => PostgresStatement.Storable(Lenient.GetString((byte[])value)),
        (_, NpgsqlDbType.Text) => EventKey.Read(value),
        _ => value,
    };

    private static void Write(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type)
    {
        if (value is null)
        {
            copy.WriteNull();
        }
        else
        {
            copy.Write(value, type);
        }
    }
}
