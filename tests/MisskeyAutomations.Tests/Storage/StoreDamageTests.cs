using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>
/// Damaged files of a store. Whatever happened to them: the start is refused with a sentence, or the rows are there. Never does an engine begin
/// with an empty store in silence. <c>MKA_MUTATIONS</c> says how many damages are tried.
/// </summary>
public sealed class StoreDamageTests : IDisposable
{
    private const int PageSize = 8192;
    private const int Rows = 3_000;

    private static readonly int Mutations = int.Parse(Environment.GetEnvironmentVariable("MKA_MUTATIONS") ?? "60", CultureInfo.InvariantCulture);

    private readonly TempDirectory _directory = new();

    private StoreOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "data") };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void However_a_file_is_damaged_it_is_refused_with_a_sentence_or_its_rows_are_there()
    {
        MakeStore();
        var whole = Directory.GetFiles(Options.DataDirectory).ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);
        var random = new Random(20261129);
        for (var number = 0; number < Mutations; number++)
        {
            Reset(whole);
            var what = Mutate(random, number);
            try
            {
                using var store = Store.Open(Options, TimeProvider.System);
                var deliveries = store.Readers.Read(connection => connection.ExecuteScalar<long>("select count(*) from deliveries"));
                Assert.True(deliveries >= Rows * 0.9, $"mutation {number}: {what}: {deliveries} of {Rows} rows are there");
            }
            catch (Exception refused) when (refused is StoreDamagedException or StoreInaccessibleException or StoreTooNewException)
            {
                Assert.False(string.IsNullOrWhiteSpace(refused.Message), what);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_database_that_is_gone_or_empty_is_not_begun_anew_unless_that_is_accepted(bool isEmpty)
    {
        MakeStore();
        File.Delete(Options.DatabasePath);
        if (isEmpty)
        {
            File.WriteAllText(Options.DatabasePath, "");
        }

        Assert.Throws<StoreDamagedException>(() => Store.Open(Options, TimeProvider.System));
        Assert.Throws<StoreDamagedException>(() => Store.Open(Options, TimeProvider.System));

        var accepting = Options;
        accepting.AcceptsDataLoss = true;
        Store.Open(accepting, TimeProvider.System).Dispose();
        Store.Open(Options, TimeProvider.System).Dispose();
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Options.DataDirectory);
        Execute("create table recipes (id integer primary key, name text)");
        var before = File.ReadAllBytes(Options.DatabasePath);

        Assert.Throws<StoreDamagedException>(() => Store.Open(Options, TimeProvider.System));

        Assert.Equal(before, File.ReadAllBytes(Options.DatabasePath));
    }

    [Fact]
    public void A_damaged_database_is_set_aside_with_every_byte_when_its_loss_is_accepted()
    {
        MakeStore();
        File.WriteAllBytes(Options.DatabasePath, [.. new byte[100], .. File.ReadAllBytes(Options.DatabasePath)[100..]]);
        var before = File.ReadAllBytes(Options.DatabasePath);
        var accepting = Options;
        accepting.AcceptsDataLoss = true;

        Store.Open(accepting, TimeProvider.System).Dispose();

        var aside = Assert.Single(Directory.GetFiles(Options.DataDirectory, "automations.db.corrupt-*"));
        Assert.Equal(before, File.ReadAllBytes(aside));
    }

    [Fact]
    public void Of_one_damaged_page_of_rows_a_repair_loses_no_more_than_what_stood_on_it()
    {
        MakeStore();
        var (page, total) = (PageOf("bodies"), Execute("select count(*) from bodies"));
        using (var file = File.OpenWrite(Options.DatabasePath))
        {
            file.Position = (page - 1) * PageSize;
            file.Write(new byte[PageSize]);
        }

        Assert.Throws<StoreDamagedException>(() => Store.Open(Options, TimeProvider.System));
        var repaired = Restoring.Repair(Options, TimeProvider.System.GetUtcNow());

        Assert.Equal(1, repaired.Gaps);
        Assert.InRange((long)Execute("select count(*) from bodies")!, (long)((long)total! * 0.99), (long)total - 1);
        Assert.Equal((long)Rows, Execute("select count(*) from deliveries"));
        Assert.Equal((long)Rows, Execute("select count(*) from subjects"));
        Store.Open(Options, TimeProvider.System).Dispose();
        Assert.Single(Directory.GetFiles(Options.DataDirectory, "automations.db.corrupt-*"), file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public void A_copy_that_is_older_than_the_last_engine_here_acts_on_nothing_that_happened_before()
    {
        MakeStore();
        var old = File.ReadAllBytes(Options.DatabasePath);
        Store.Open(Options, TimeProvider.System).Dispose();
        File.WriteAllBytes(Options.DatabasePath, old);

        var now = TimeProvider.System.GetUtcNow();
        using var store = Store.Open(Options, TimeProvider.System);

        Assert.InRange(store.RestoredUntil!.Value, now.AddSeconds(-1), now.AddMinutes(5));
    }

    private string Mutate(Random random, int number)
    {
        var path = Options.DatabasePath;
        var bytes = File.ReadAllBytes(path);
        var pages = bytes.Length / PageSize;
        switch (number % 8)
        {
            case 0:
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                return $"a bit flipped at {at}";
            case 1:
                var left = random.Next(pages) * PageSize;
                File.WriteAllBytes(path, bytes[..left]);
                return $"cut off at {left}";
            case 2:
                var odd = random.Next(bytes.Length);
                File.WriteAllBytes(path, bytes[..odd]);
                return $"cut off at {odd}";
            case 3:
                Array.Clear(bytes, 0, random.Next(1, 200));
                File.WriteAllBytes(path, bytes);
                return "its header zeroed";
            case 4:
                var (one, other) = (random.Next(pages) * PageSize, random.Next(pages) * PageSize);
                var kept = bytes[one..(one + PageSize)];
                Array.Copy(bytes, other, bytes, one, PageSize);
                kept.CopyTo(bytes, other);
                File.WriteAllBytes(path, bytes);
                return $"pages at {one} and {other} swapped";
            case 5:
                File.WriteAllBytes(path, Encoding.UTF8.GetBytes(new string('x', random.Next(1, 50_000))));
                return "another file in its place";
            case 6:
                var zeroed = random.Next(pages) * PageSize;
                Array.Clear(bytes, zeroed, PageSize);
                File.WriteAllBytes(path, bytes);
                return $"page at {zeroed} zeroed";
            default:
                return MutateLog(random, path);
        }
    }

    // A log with what is not in the database yet: cut off, damaged, or that of another database.
    private static string MutateLog(Random random, string path)
    {
        using var temporary = new TempDirectory();
        var copy = Path.Combine(temporary.Path, "other.db");
        File.Copy(path, copy);
        byte[] log;
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString()))
        {
            connection.Open();
            connection.Execute("pragma journal_mode = wal; pragma wal_autocheckpoint = 0; insert into settings (key, value) values ('k1', 'v'); insert into heard (run, number, delivery) values (1, 1, 1);");
            log = File.ReadAllBytes($"{copy}-wal");
        }

        var frames = (log.Length - 32) / (PageSize + 24);
        switch (random.Next(3))
        {
            case 0:
                File.WriteAllBytes($"{path}-wal", log[..(32 + (random.Next(frames + 1) * (PageSize + 24)))]);
                return "its log cut off between frames";
            case 1:
                log[random.Next(log.Length)] ^= 0x10;
                File.WriteAllBytes($"{path}-wal", log);
                return "a bit of its log flipped";
            default:
                File.WriteAllBytes($"{path}-wal", log[..random.Next(log.Length)]);
                return "its log cut off";
        }
    }

    private void MakeStore()
    {
        Store.Open(Options, TimeProvider.System).Dispose();
        Execute(string.Create(CultureInfo.InvariantCulture, $"""
            insert into accounts (id, name) values (1, 'alice');
            insert into hooks (id, account, hook_id) values (1, 1, 'hook');
            with recursive n(i) as (select 1 union all select i + 1 from n where i < {Rows})
            insert into deliveries (id, hook, created_at, event_id, source, received_at, scrubbed, state, type) select i, 1, i, randomblob(16), 0, i, 0, 1, 'mention' from n;
            insert into bodies (delivery, body) select id, cast(hex(randomblob(750)) as blob) from deliveries;
            insert into subjects (account, key, delivery, readable) select 1, 'note:' || hex(randomblob(8)), id, 1 from deliveries;
            pragma wal_checkpoint(truncate);
            """));
    }

    private void Reset(Dictionary<string, byte[]> whole)
    {
        Directory.Delete(Options.DataDirectory, recursive: true);
        Directory.CreateDirectory(Options.DataDirectory);
        foreach (var (file, bytes) in whole)
        {
            File.WriteAllBytes(file, bytes);
        }
    }

    // A page in the middle of the file that holds rows of a table, and no pointers to other pages.
    private long PageOf(string table)
    {
        var root = (long)Execute($"select rootpage from sqlite_schema where name = '{table}'")!;
        var bytes = File.ReadAllBytes(Options.DatabasePath);
        var children = Children(bytes, root).ToList();
        return children[children.Count / 2];
    }

    // Of a tree with two or three levels: the leaves' numbers stand in the interior pages.
    private static IEnumerable<long> Children(byte[] bytes, long page)
    {
        const byte Interior = 5;
        var start = (int)((page - 1) * PageSize) + (page == 1 ? 100 : 0);
        if (bytes[start] != Interior)
        {
            return [page];
        }

        var cells = (bytes[start + 3] << 8) | bytes[start + 4];
        return Enumerable.Range(0, cells).SelectMany(cell =>
        {
            var at = (int)((page - 1) * PageSize) + ((bytes[start + 12 + (2 * cell)] << 8) | bytes[start + 13 + (2 * cell)]);
            return Children(bytes, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)));
        });
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Options.DatabasePath, Pooling = false }.ToString());
        return connection.ExecuteScalar(sql);
    }
}
