using System.Globalization;
using Dapper;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;
using Npgsql;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A store of any former schema is brought to this one with all that waits in it, whatever ends that on the way.</summary>
public sealed class StoreMigrationTests : IDisposable
{
    private const string Prefix = "MisskeyAutomations.Storage.Migrations.Sqlite.";

    // What an engine of the oldest schema has left: a run that waits for its time, and two events that were set aside.
    private const string Data = """
        insert into accounts (id, name) values (1, 'alice');
        insert into hooks (id, account, hook_id) values (1, 1, 'hook');
        insert into rules (id, name) values (1, 'greet');
        insert into rule_versions (id, rule, hash, text) values (1, 1, 'hash', 'text of greet');
        insert into deliveries (id, hook, created_at, event_id, source, received_at, scrubbed, state, type) values (1, 1, 5, 'event', 0, 5, 0, 1, 'mention');
        insert into deliveries (id, hook, created_at, event_id, source, received_at, scrubbed, state, type, note) values
            (2, 1, 5, 'event 2', 0, 5, 0, 5, '', 'a ''reaction'' must bring what it is about, a note, user or report, and this one does not'),
            (3, 1, 5, 'event 3', 0, 5, 0, 5, '', 'it could not be decided: Exception');
        insert into bodies (delivery, body) values (1, cast('{"type":"mention"}' as blob));
        insert into subjects (account, key, delivery, readable) values (1, 'note:9x', 1, 1);
        insert into runs (id, account, delivery, subject, version, dry_run, state, phase, branch, waits_for, due_at, event_at, created_at, waited, seed, attempts, epoch, wake_at)
            values (1, 1, 1, 'note:9x', 1, 0, 1, 1, 'do', 1, 1000, 5, 5, 0, 7, 0, 1, 1000);
        insert into limit_places (rule, key, at, run, expires_at) values (1, 'user:bob', 5, 1, null);
        insert into settings (key, value) values ('lease', '4');
        """;

    private readonly TempDirectory _directory = new();

    public static TheoryData<int> Former => [.. Enumerable.Range(1, Scripts().Count - 1)];

    private StoreOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "data") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Former))]
    public async Task What_waits_in_a_store_of_a_former_schema_goes_on_in_this_one(int scripts)
    {
        Make(scripts);

        await AssertGoesOnAsync();
    }

    [Fact]
    public async Task Whatever_statement_of_a_migration_an_engine_dies_at_the_next_one_finds_all_and_ends_the_migration()
    {
        var scripts = Scripts();
        foreach (var number in Enumerable.Range(1, scripts.Count - 1))
        {
            var statements = StatementsOf(scripts[number].Contents);
            for (var done = 1; done <= statements.Count; done++)
            {
                Make(number);
                using (var connection = Connect())
                {
                    connection.Open();
                    connection.Execute("pragma journal_mode = wal; begin immediate");
                    foreach (var statement in statements.Take(done))
                    {
                        connection.Execute(statement);
                    }

                    // Some of what is not committed reaches the log when memory is short.
                    connection.Execute("pragma cache_spill = 1; pragma cache_size = 1");
                    CopyAside();
                }

                PutCopyInPlace();
                await AssertGoesOnAsync();
            }
        }
    }

    [Fact]
    public void Engines_that_start_at_once_with_a_migration_to_be_made_make_it_once()
    {
        var postgres = SharedPostgres.NewSchema();
        Store.Open(new() { DataDirectory = Options.DataDirectory, Postgres = postgres }, TimeProvider.System).Dispose();
        UndoNewest(postgres);

        var stores = Enumerable.Range(0, 2).AsParallel().WithDegreeOfParallelism(2)
            .Select(number => Store.Open(new() { DataDirectory = Path.Combine(_directory.Path, number.ToString(CultureInfo.InvariantCulture)), Postgres = postgres }, TimeProvider.System)).ToList();

        Assert.Equal(1, Query(postgres, "select count(*) from schemaversions where scriptname like '0003%'"));
        stores.ForEach(store => store.Dispose());
    }

    [Fact]
    public void A_newer_schema_in_PostgreSQL_is_refused()
    {
        var postgres = SharedPostgres.NewSchema();
        var options = new StoreOptions { DataDirectory = Options.DataDirectory, Postgres = postgres };
        Store.Open(options, TimeProvider.System).Dispose();
        Query(postgres, "insert into schemaversions (scriptname, applied) values ('9999_from_the_future.sql', now()) returning 1");

        Assert.Equal("9999_from_the_future.sql", Assert.Throws<StoreTooNewException>(() => Store.Open(options, TimeProvider.System)).Script);
    }

    private async Task AssertGoesOnAsync()
    {
        using var store = Store.Open(Options, TimeProvider.System);
        var runs = new StoredRuns(store, new AccountDirectory([]));
        var run = Assert.Single(await runs.ClaimDueAsync(10, [], Token));

        Assert.Equal(("greet", RunState.Running, WaitReason.After, "note:9x"), (run.RuleName, run.State, run.WaitsFor, run.Subject));
        Assert.Equal("mention", (await runs.LoadEventAsync(1, Token)).Envelope.GetProperty("type").GetString());
        Assert.Equal("text of greet", await runs.LoadRuleTextAsync("hash", Token));
        Assert.Equal(Scripts().Count, store.Readers.Read(connection => connection.ExecuteScalar<int>("select count(*) from SchemaVersions")));
        Assert.Equal(["mention", "reaction", ""], store.Readers.Read(connection => connection.Query<string>("select type from deliveries order by id").ToList()));
        Assert.Equal(1, store.Readers.Read(connection => connection.ExecuteScalar<int>("select count(*) from limit_places where key = '1/user:bob'")));
    }

    private void Make(int scripts)
    {
        if (Directory.Exists(Options.DataDirectory))
        {
            Directory.Delete(Options.DataDirectory, recursive: true);
        }

        Directory.CreateDirectory(Options.DataDirectory);
        Upgrade(1);
        using (var connection = Connect())
        {
            connection.Execute(Data);
        }

        Upgrade(scripts);
    }

    private void Upgrade(int scripts)
    {
        var result = DeployChanges.To.SqliteDatabase(ConnectionString).WithScripts(Scripts().Take(scripts)).WithTransactionPerScript().WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        Assert.True(result.Successful, result.Error?.ToString());
    }

    private void CopyAside()
    {
        foreach (var file in Directory.GetFiles(Options.DataDirectory, "automations.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(_directory.Path, Path.GetFileName(file)), overwrite: true);
        }
    }

    private void PutCopyInPlace()
    {
        Directory.Delete(Options.DataDirectory, recursive: true);
        Directory.CreateDirectory(Options.DataDirectory);
        foreach (var file in Directory.GetFiles(_directory.Path, "automations.db*"))
        {
            File.Move(file, Path.Combine(Options.DataDirectory, Path.GetFileName(file)));
        }
    }

    private static void UndoNewest(string postgres) => Query(postgres, """
        drop index subjects_of_delivery; drop index heard_of_delivery; drop table private_deliveries;
        delete from schemaversions where scriptname like '0003%' returning 1
        """);

    private static int Query(string postgres, string sql)
    {
        using var connection = new NpgsqlConnection(postgres);
        return connection.ExecuteScalar<int>(sql);
    }

    // No statement of a script has a semicolon within.
    private static List<string> StatementsOf(string script) =>
        [.. string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal))).Split(';').Where(statement => !string.IsNullOrWhiteSpace(statement))];

    private static List<SqlScript> Scripts()
    {
        var assembly = typeof(Store).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new SqlScript(name[Prefix.Length..], reader.ReadToEnd());
            }),
        ];
    }

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Options.DatabasePath, Pooling = false }.ToString();

    private SqliteConnection Connect() => new(ConnectionString);
}
