using Microsoft.Extensions.Logging;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A server that will not do, or lets nobody in: each cause has a sentence with the next step, and none shows the password.</summary>
public sealed class PostgresTroubleTests : IDisposable
{
    private const string Password = "hunter2";

    private readonly TempDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Server => $"Host=127.0.0.1;Port={SharedPostgres.Port};Password={Password}";

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string, bool> Causes() => new()
    {
        { "Host=no-such-host.invalid;Database=x;Username=y", "the host no-such-host.invalid is not found", false },
        { "Host=127.0.0.1;Port=1;Database=x;Username=y", "nothing listens at 127.0.0.1:1. Start PostgreSQL there", false },
        { "Host=127.0.0.1;Port=one;Database=x", "the connection string is wrong", true },
        { "Database=x;Username=y", "names no Host", true },
        { "{server};Database=no_such_database;Username=postgres", "Make it: create database no_such_database owner postgres", true },
        { "{server};Database=postgres;Username=locked", "refuses the password of the user locked", true },
        { "{server};Database=postgres;Username=no_such_user", "does not let the user no_such_user in", true },
        { "{server};Database=postgres;Username=postgres;Search Path=no_such_schema", "Make one: create schema automations authorization postgres", true },
        { "{server};Database=postgres;Username=poor;Search Path=public", "Let it own the database: alter database postgres owner to poor", true },
        { "{server};Database=latin;Username=postgres", "its encoding is not UTF8", true },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void Each_cause_is_told_with_the_next_step(string connection, string sentence, bool isOfTheSettings)
    {
        SharedPostgres.Execute("""
            select pg_advisory_lock(1);
            do $$ begin
                if not exists (select from pg_roles where rolname = 'locked') then
                    create role locked login password 'another'; create role poor login;
                end if; end $$;
            """);
        if (SharedPostgres.Execute("select 1 from pg_database where datname = 'latin'") is null)
        {
            SharedPostgres.Execute("create database latin encoding 'LATIN1' locale 'C' template template0");
        }

        var refused = Assert.Throws<StoreInaccessibleException>(() => Store.Open(
            new StoreOptions { DataDirectory = _directory.Path, Postgres = connection.Replace("{server}", Server, StringComparison.Ordinal) }, TimeProvider.System));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(isOfTheSettings, refused.IsOfTheSettings);
    }

    [Fact]
    public async Task A_server_that_is_too_old_is_refused()
    {
        await using var way = new CutProxy(SharedPostgres.Port) { Version = "14." };
        var connection = SharedPostgres.NewSchema().Replace($"Port={SharedPostgres.Port}", $"Port={way.Port}", StringComparison.Ordinal);

        var refused = Assert.Throws<StoreInaccessibleException>(() => Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = connection }, TimeProvider.System));

        Assert.Matches(@"it is PostgreSQL 14\.\d+\. Version 15 or newer is needed\.", refused.Message);
        Assert.True(refused.IsOfTheSettings);
    }

    [Fact]
    public async Task What_a_server_may_forget_is_told_once_however_often_it_is_connected_to()
    {
        using var server = new PostgresServer();
        server.Execute("alter system set fsync = off");
        server.Execute("alter system set synchronous_commit = off");
        server.Restart();
        using var logs = new KeptLog();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = server.AddSchema() }, TimeProvider.System, loggers);
        var settings = new Settings(store);
        Assert.True(await IsSetAsync(settings, "one"));

        server.Restart();
        await Eventually.HoldsAsync(() => IsSetAsync(settings, "two"), "it goes on");

        Assert.Equal("on", await store.Writer.RunAsync(db => db.Sql("show synchronous_commit").First(static row => row.Text(0)), Token));
        Assert.Single(logs.Lines, line => line.Contains("PostgreSQL runs with fsync = off", StringComparison.Ordinal));
        Assert.Single(logs.Lines, line => line.Contains("PostgreSQL has synchronous_commit = off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_whose_server_was_restarted_reads_all_the_same()
    {
        using var server = new PostgresServer();
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = server.AddSchema() }, TimeProvider.System);
        var settings = new Settings(store);
        await settings.SetAsync("key", "value", Token);
        Assert.Equal("value", settings.Get("key"));

        server.Restart();

        Assert.Equal("value", settings.Get("key"));
    }

    [Fact]
    public async Task A_commit_whose_connection_was_lost_is_known_by_its_mark()
    {
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = SharedPostgres.NewSchema() }, TimeProvider.System);
        await store.Writer.RunAsync(db => db.Sql("insert into settings (key, value) values ('a', 'b')").Run(), Token);
        using var writer = store.Readers.Database.OpenWriter();
        var last = writer.LastCommit(store.Lease);

        Assert.True(last > 0);
        Assert.True(writer.HasCommitted(new CommitMark(store.Lease, last.Value)));
        Assert.False(writer.HasCommitted(new CommitMark(store.Lease, last.Value + 1)));
        Assert.False(writer.HasCommitted(new CommitMark(store.Lease + 1, 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_became_of_a_commit_whose_answer_was_lost_is_asked(bool getsThere)
    {
        await using var way = new CutProxy(SharedPostgres.Port);
        var connection = SharedPostgres.NewSchema().Replace($"Port={SharedPostgres.Port}", $"Port={way.Port}", StringComparison.Ordinal) + ";Max Auto Prepare=0";
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = connection }, TimeProvider.System);
        var settings = new Settings(store);
        await settings.SetAsync("key", "before", Token);

        way.BreakAtCommit(getsThere);
        var setting = settings.SetAsync("key", "after", Token);

        if (getsThere)
        {
            await setting;
        }
        else
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => setting);
        }

        Assert.Equal(getsThere ? "after" : "before", settings.Get("key"));
    }

    [Fact]
    public async Task What_no_synchronous_standby_confirmed_is_not_acknowledged()
    {
        using var primary = new PostgresServer();
        using var standby = primary.AddStandby();
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = primary.AddSchema() + ";Command Timeout=3" }, TimeProvider.System);
        var settings = new Settings(store);
        primary.Execute("alter system set synchronous_standby_names = '*'");
        primary.Execute("select pg_reload_conf()");
        await Eventually.HoldsAsync(() => Equals(primary.Execute("select count(*) from pg_stat_replication where sync_state = 'sync'"), 1L), "the standby follows");
        Assert.True(await IsSetAsync(settings, "one"));

        standby.Kill();

        Assert.False(await IsSetAsync(settings, "two"));
    }

    [Fact]
    public async Task Transactions_that_an_asynchronous_standby_lacks_are_counted_and_told()
    {
        using var primary = new PostgresServer();
        using var standby = primary.AddStandby();
        var connection = primary.AddSchema().Replace($"Host=127.0.0.1;Port={primary.Port}", $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Target Session Attributes=primary", StringComparison.Ordinal);
        using var logs = new KeptLog();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = connection }, TimeProvider.System, loggers);
        var settings = new Settings(store);
        await settings.SetAsync("key", "kept", Token);
        await Eventually.HoldsAsync(() => Equals(primary.Execute("select count(*) from pg_stat_replication where replay_lsn = pg_current_wal_lsn()"), 1L), "the standby has it");

        standby.Execute("alter system set primary_conninfo = ''");
        standby.Execute("select pg_reload_conf()");
        await Eventually.HoldsAsync(() => Equals(primary.Execute("select count(*) from pg_stat_replication"), 0L), "it hears no more");
        await settings.SetAsync("key", "lost", Token);
        await settings.SetAsync("key", "lost too", Token);
        primary.Kill();
        standby.Promote();

        await Eventually.HoldsAsync(() => IsSetAsync(settings, "other"), "it goes on");
        Assert.Equal("kept", settings.Get("key"));
        var warnings = logs.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).ToArray();
        Assert.Single(warnings, warning => warning.Contains("The database lost 2 transactions", StringComparison.Ordinal));
        Assert.Single(warnings, warning => warning.Contains("is not the server that the store was on before", StringComparison.Ordinal));
    }

    private static async Task<bool> IsSetAsync(Settings settings, string key)
    {
        try
        {
            await settings.SetAsync(key, "value", Token);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    [Fact]
    public void An_engine_is_known_by_its_data_directory_however_its_machine_is_called()
    {
        var schema = SharedPostgres.NewSchema();
        using var other = new TempDirectory();
        var first = NameOf(_directory);

        Assert.Equal(first, NameOf(_directory));
        Assert.NotEqual(first, NameOf(other));
        File.WriteAllText(Path.Combine(other.Path, "automations.lock"), "no name");
        Assert.Equal(NameOf(other), NameOf(other));

        string NameOf(TempDirectory directory)
        {
            using var store = Store.Open(new StoreOptions { DataDirectory = directory.Path, Postgres = schema }, TimeProvider.System);
            return store.Engine;
        }
    }

    [Fact]
    public void One_engine_looks_at_the_clock_the_one_that_has_been_at_work_for_longest()
    {
        var schema = SharedPostgres.NewSchema();
        using var other = new TempDirectory();
        using var one = Store.Open(new StoreOptions { DataDirectory = _directory.Path, Postgres = schema }, TimeProvider.System);
        using var two = Store.Open(new StoreOptions { DataDirectory = other.Path, Postgres = schema }, TimeProvider.System);
        var now = one.Time.GetUtcNow();

        Assert.True(MisskeyAutomations.Storage.Postgres.Nodes.IsFirst(one.Readers, one.Lease, now));
        Assert.False(MisskeyAutomations.Storage.Postgres.Nodes.IsFirst(two.Readers, two.Lease, now));
        Assert.True(MisskeyAutomations.Storage.Postgres.Nodes.IsFirst(two.Readers, two.Lease, now.AddMinutes(1)));
    }
}
