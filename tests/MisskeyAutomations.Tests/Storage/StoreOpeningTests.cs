using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class StoreOpeningTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly TempDirectory _directory = new();

    private StoreOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "data") };

    public void Dispose() => _directory.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_store_is_closed_to_other_users()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
        }

        using var store = Store.Open(Options, TimeProvider.System);

        Assert.Equal(OwnerDirectory, File.GetUnixFileMode(Options.DataDirectory));
        var files = Directory.GetFiles(Options.DataDirectory);
        Assert.Equal(["automations.at-work", "automations.db", "automations.db-shm", "automations.db-wal", "automations.lock"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            Assert.Equal(OwnerFile, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_that_others_could_read_is_closed()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
        }

        Directory.CreateDirectory(Options.DataDirectory);
        File.SetUnixFileMode(Options.DataDirectory, OwnerDirectory | UnixFileMode.OtherRead);

        using var store = Store.Open(Options, TimeProvider.System);

        Assert.Equal(OwnerDirectory, File.GetUnixFileMode(Options.DataDirectory));
    }

    [Fact]
    public void A_second_engine_is_refused_and_let_in_when_the_first_has_gone()
    {
        using (Store.Open(Options, TimeProvider.System))
        {
            var refused = Assert.Throws<StoreLockedException>(() => Store.Open(Options, TimeProvider.System));
            Assert.Equal(Options.LockPath, refused.LockPath);
        }

        using var second = Store.Open(Options, TimeProvider.System);
    }

    [Fact]
    public void A_data_directory_that_cannot_be_is_refused_with_its_path()
    {
        var file = Path.Combine(_directory.Path, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<StoreInaccessibleException>(() => Store.Open(new StoreOptions { DataDirectory = Path.Combine(file, "data") }, TimeProvider.System));

        Assert.StartsWith(file, refused.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Options.DataDirectory);
        File.WriteAllText(Options.DatabasePath, new string('x', 10_000));

        var refused = Assert.Throws<StoreDamagedException>(() => Store.Open(Options, TimeProvider.System));

        Assert.Equal(Options.DatabasePath, refused.Path);
        Assert.Equal(new string('x', 10_000), File.ReadAllText(Options.DatabasePath));
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused()
    {
        using (Store.Open(Options, TimeProvider.System))
        {
        }

        Execute("insert into SchemaVersions (ScriptName, Applied) values ('9999_from_the_future.sql', '2030-01-01')");

        var refused = Assert.Throws<StoreTooNewException>(() => Store.Open(Options, TimeProvider.System));

        Assert.Equal("9999_from_the_future.sql", refused.Script);
    }

    [Fact]
    public void The_database_is_set_up_to_survive_a_loss_of_power()
    {
        using (Store.Open(Options, TimeProvider.System))
        {
        }

        Assert.Equal("wal", Execute("pragma journal_mode"));
        Assert.Equal(8192L, Execute("pragma page_size"));
    }

    [Fact]
    public async Task The_writer_flushes_every_commit()
    {
        using var store = Store.Open(Options, TimeProvider.System);

        const long Full = 2;
        Assert.Equal(Full, await store.Writer.RunAsync(db => db.Sql("pragma synchronous").Number(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Readers_cannot_write()
    {
        using var store = Store.Open(Options, TimeProvider.System);

        Assert.Throws<MisskeyAutomations.Inbox.StoreUnavailableException>(() => store.Readers.Read(connection =>
            connection.ExecuteScalar<long>("delete from settings returning 1")));
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Options.DatabasePath, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
