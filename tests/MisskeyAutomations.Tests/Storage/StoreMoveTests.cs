using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A store in a file is moved to PostgreSQL: every table, all or nothing, and the file stays as it was.</summary>
public sealed class StoreMoveTests : IDisposable
{
    private const string Uuid = "0b5f1c8e-4c2e-4b7a-9d0e-1f2a3b4c5d6e";

    private readonly SqliteUnderTest _file = new();
    private readonly string _connection = SharedPostgres.NewSchema();

    private PostgresDatabase Target => new(_connection);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Every_table_arrives_row_by_row_and_the_file_stays_as_it_was()
    {
        await FillAsync();
        var before = SHA256.HashData(File.ReadAllBytes(_file.Options.DatabasePath));

        var rows = Move();

        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(_file.Options.DatabasePath)));
        using var file = Connect();
        using var server = Target.OpenReader();
        var tables = Tables(file);
        Assert.Equal(rows, tables.Sum(table => file.ExecuteScalar<long>($"select count(*) from {table}")));
        foreach (var table in tables.Where(table => table is not ("settings" or "runs")))
        {
            var columns = string.Join(", ", file.Query<string>("select name from pragma_table_info(@table)", new { table }).Select(column => $"\"{column}\""));
            Assert.Equal(Rows(file, $"select {columns} from {table}"), Rows(server, $"select {columns} from {table}"));
        }

        Assert.Equal(file.ExecuteScalar<long>("select count(*) from runs"), server.ExecuteScalar<long>("select count(*) from runs"));
        Assert.Contains(Uuid, server.Query<string>("select event_id from deliveries"));
        Assert.Equal("a\uFFFDb", server.ExecuteScalar<string>("select value from state where key = 'zero'"));
        Assert.Equal("c\uFFFD\uFFFD\uFFFDd", server.ExecuteScalar<string>("select value from state where key = 'half'"));
    }

    [Fact]
    public async Task Numbers_go_on_and_waiting_runs_with_them()
    {
        var waiting = await _file.StartAsync(_file.Plan(state: MisskeyAutomations.Engine.Runs.RunState.Waiting, waitsFor: MisskeyAutomations.Engine.Runs.WaitReason.Step, dueAt: _file.Now.AddMinutes(1)));
        _file.Store.Dispose();

        Move();

        using var moved = new Moved(_connection);
        var later = await moved.ArriveAsync("another hook");
        Assert.Equal(waiting.DeliveryId + 1, later.Id);
        var ready = await moved.StartAsync();
        Assert.Equal(waiting.Id + 1, ready.Id);
    }

    [Fact]
    public async Task An_engine_does_not_start_on_what_was_moved()
    {
        await FillAsync();
        Move();

        var moved = Assert.Throws<StoreMovedException>(_file.Reopen);

        Assert.Equal(Target.Name, moved.Target);
        File.Delete(_file.Options.MoveNotePath);
        _file.Reopen();
    }

    [Fact]
    public async Task A_database_with_rows_is_refused()
    {
        await FillAsync();
        using (Store.Open(new StoreOptions { DataDirectory = Path.Combine(_file.Options.DataDirectory, "another"), Postgres = _connection }, TimeProvider.System))
        {
        }

        var refused = Assert.Throws<StoreInaccessibleException>(() => Move());

        Assert.Contains("it is not empty", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_file.Options.MoveNotePath));
    }

    [Fact]
    public void A_file_on_which_an_engine_runs_is_refused() => Assert.Throws<StoreLockedException>(() => Move());

    [Fact]
    public async Task A_move_that_had_ended_unheard_says_so_when_it_is_asked_again()
    {
        await FillAsync();
        var rows = Move();

        Assert.Equal(rows, Move());
    }

    [Fact]
    public async Task A_move_that_is_killed_in_the_middle_leaves_nothing_and_is_done_again()
    {
        await FillAsync();
        Target.Migrate();
        await using (var holder = new Npgsql.NpgsqlConnection(_connection + ";Pooling=false"))
        {
            await holder.OpenAsync(Token);
            await using var held = await holder.BeginTransactionAsync(Token);
            await holder.ExecuteAsync("lock table heard in share mode");
            await using var run = StartCommand();
            await Eventually.HoldsAsync(
                () => holder.ExecuteScalar<bool>("select exists (select 1 from pg_locks where relation = 'heard'::regclass and not granted)"), "it is in the middle");
            await run.KillAsync();
        }

        await Eventually.HoldsAsync(IsEmpty, "what had come is gone again");
        await using var again = StartCommand();

        Assert.Equal(0, await again.ExitCodeAsync());
        Assert.Contains("rows, each compared after it had arrived", again.Output, StringComparison.Ordinal);
        Assert.Contains("Now write the connection string into `store`", again.Output, StringComparison.Ordinal);
    }

    private ProgramRun StartCommand() =>
        ProgramRun.Start(_file.Options.DataDirectory, null, "migrate-store", "--data", _file.Options.DataDirectory, "--to", _connection);

    private bool IsEmpty()
    {
        using var server = Target.OpenReader();
        return server.ExecuteScalar<long>("select count(*) from deliveries") == 0;
    }

    private long Move() => new StoreMove(_file.Options, Target, static (_, _, _) => { }, TimeProvider.System).Run();

    // What an engine writes, and beside it a row in each table that it left empty.
    private async Task FillAsync()
    {
        for (var number = 0; number < 20; number++)
        {
            await _file.StartAsync();
        }

        await _file.Inbox.AddAsync(StoreUnderTest.Some(Uuid, body: "\0 any bytes \ud83d"), Token);
        _file.Store.Dispose();
        using var connection = Connect(SqliteOpenMode.ReadWrite);
        foreach (var table in Tables(connection).Where(table => connection.ExecuteScalar<long>($"select count(*) from {table}") == 0))
        {
            var values = connection.Query<string>("select case type when 'INTEGER' then '1' when 'BLOB' then 'x''00ff''' else '''some text''' end from pragma_table_info(@table)", new { table });
            connection.Execute($"insert into {table} values ({string.Join(", ", values)})");
        }

        connection.Execute("""
            insert into state (account, dry_run, scope, key, value) values (1, 0, 'account', 'zero', cast(x'610062' as text)), (1, 0, 'account', 'half', cast(x'63eda08064' as text))
            """);
    }

    private static List<string> Tables(System.Data.Common.DbConnection file) =>
        [.. file.Query<string>("select name from sqlite_schema where type = 'table' and name <> 'SchemaVersions' and name not like 'sqlite_%'")];

    private static List<string> Rows(System.Data.Common.DbConnection connection, string sql)
    {
        var all = new List<string>();
        using var rows = connection.ExecuteReader(sql);
        while (rows.Read())
        {
            all.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(column => rows.GetValue(column) switch
            {
                byte[] { Length: 16 } packed when rows.GetName(column) == "event_id" => EventKey.Read(packed),
                byte[] blob => Convert.ToHexString(blob),
                string text => text.Split('\0', '\uFFFD')[0],
                var value => value.ToString(),
            })));
        }

        return [.. all.Order(StringComparer.Ordinal)];
    }

    private SqliteConnection Connect(SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file.Options.DatabasePath, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private sealed class Moved(string connection) : DurableUnderTest(connection);
}
