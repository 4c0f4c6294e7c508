using Dapper;
using MisskeyAutomations.Storage.Postgres;
using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Both databases have the same tables, columns, keys and indexes. What one has alone is named here.</summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly string[] OfPostgresAlone =
    [
        "deliveries.claimed_by bigint", "deliveries.claimed_until bigint",
        "index runs_leased on runs (lease) partial",
        "nodes.lease bigint not null", "nodes.seen_at bigint not null", "nodes.commits bigint not null", "nodes unique (lease)",
    ];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Both_databases_have_the_same_schema()
    {
        var path = Path.Combine(_directory.Path, "automations.db");
        File.WriteAllText(path, "");
        var embedded = new SqliteDatabase(path);
        var shared = new PostgresDatabase(SharedPostgres.NewSchema());
        embedded.Migrate();
        shared.Migrate();

        var ofEmbedded = OfSqlite(embedded);
        var ofShared = OfPostgres(shared);

        Assert.InRange(ofEmbedded.Count, 100, int.MaxValue);
        Assert.Equal(ofEmbedded.Order(StringComparer.Ordinal), ofShared.Except(OfPostgresAlone).Order(StringComparer.Ordinal));
        Assert.Empty(OfPostgresAlone.Except(ofShared));
    }

    private static List<string> OfSqlite(SqliteDatabase database)
    {
        using var connection = database.OpenReader();
        const string Columns = """
            select t.name || '.' || c.name || ' ' || case c.type when 'INTEGER' then 'bigint' when 'BLOB' then 'bytea' else 'text' end
                || case when c."notnull" or c.pk then ' not null' else '' end
            from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table' and t.name <> 'SchemaVersions' and t.name not like 'sqlite_%'
            """;
        const string Primary = """
            select t.name || ' unique (' || group_concat(c.name, ', ' order by c.pk) || ')'
            from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table' and c.pk and t.name <> 'SchemaVersions' and t.name not like 'sqlite_%' group by t.name
            """;
        const string Unique = """
            select t.name || ' unique (' || (select group_concat(name, ', ' order by seqno) from pragma_index_info(i.name)) || ')'
            from sqlite_schema t join pragma_index_list(t.name) i where t.type = 'table' and i.origin = 'u'
            """;
        const string References = """
            select t.name || '.' || f."from" || ' references ' || f."table" from sqlite_schema t join pragma_foreign_key_list(t.name) f where t.type = 'table'
            """;
        const string Indexes = """
            select 'index ' || i.name || ' on ' || i.tbl_name || ' (' || (select group_concat(name, ', ' order by seqno) from pragma_index_info(i.name)) || ')'
                || case when i.sql like '% where %' then ' partial' else '' end
            from sqlite_schema i where i.type = 'index' and i.sql is not null
            """;
        return [.. ((string[])[Columns, Primary, Unique, References, Indexes]).SelectMany(sql => connection.Query<string>(sql))];
    }

    private static List<string> OfPostgres(PostgresDatabase database)
    {
        using var connection = database.OpenReader();
        const string Columns = """
            select table_name || '.' || column_name || ' ' || data_type || case is_nullable when 'NO' then ' not null' else '' end
            from information_schema.columns where table_schema = current_schema() and table_name <> 'schemaversions'
            """;
        const string Unique = """
            select c.conrelid::regclass || ' unique (' || (select string_agg(a.attname, ', ' order by k.n)
                from unnest(c.conkey) with ordinality k (number, n) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) || ')'
            from pg_constraint c where c.connamespace = current_schema()::regnamespace and c.contype in ('p', 'u') and c.conrelid::regclass::text <> 'schemaversions'
            """;
        const string References = """
            select c.conrelid::regclass || '.' || a.attname || ' references ' || c.confrelid::regclass
            from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.connamespace = current_schema()::regnamespace and c.contype = 'f'
            """;
        const string Indexes = """
            select 'index ' || i.indexrelid::regclass || ' on ' || i.indrelid::regclass || ' (' || (select string_agg(a.attname, ', ' order by k.n)
                from unnest(i.indkey::int2[]) with ordinality k (number, n) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) || ')'
                || case when i.indpred is null then '' else ' partial' end
            from pg_index i join pg_class c on c.oid = i.indexrelid
            where c.relnamespace = current_schema()::regnamespace and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
            """;
        return [.. ((string[])[Columns, Unique, References, Indexes]).SelectMany(sql => connection.Query<string>(sql))];
    }
}
