using Microsoft.Data.Sqlite;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Sqlite;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

public sealed class StoreTroubleTests : IDisposable
{
    private readonly SqliteUnderTest _under = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task Wherever_the_disk_is_full_the_operation_fails_whole_and_succeeds_later()
    {
        var (failures, before) = (0, -1);
        for (var room = 0; failures != before; room++)
        {
            before = failures;
            await SetMaxPagesAsync(room);
            var delivery = await TryAsync(() => _under.ArriveAsync(body: $$"""{"text":"{{new string('x', 20_000)}}"}"""));
            await SetMaxPagesAsync(room);
            var run = (await TryAsync(() => _under.Inbox.CompleteAsync(_under.DecisionOf(delivery, runs: _under.Plan($"rule {room}")), Token))).Runs.Single();
            await SetMaxPagesAsync(room);
            var intended = _under.SomeStep(body: new string('y', 20_000));
            Assert.Null((await TryAsync(() => _under.Runs.SaveIntentAsync(run.With(intended), intended, [], Token))).EmptyBucket);
            await SetMaxPagesAsync(room);
            var done = intended with { State = StepState.Done, Answer = $$"""{"id":"{{new string('z', 20_000)}}"}""" };
            await TryAsync(() => _under.Runs.SaveAsync(run.With(done).End(RunState.Succeeded), [done], Token));
        }

        Assert.True(failures > 5, $"{failures} failures");
        Assert.Null(_under.Store.Troubles.Current);
        Assert.Empty(await _under.Runs.ClaimDueAsync(100, [], Token));
        Assert.Equal("ok", _under.Store.Readers.Read(reader => reader.ExecuteScalar<string>("pragma integrity_check")));

        async Task<T> TryAsync<T>(Func<Task<T>> work)
        {
            try
            {
                return await work();
            }
            catch (StoreUnavailableException)
            {
                failures++;
                Assert.Equal(StoreTroubleKind.Full, _under.Store.Troubles.Current?.Kind);
                await _under.Store.Writer.RunAsync(db => db.Sql("pragma max_page_count = 1000000").Number(), Token);
                return await work();
            }
        }
    }

    [Fact]
    public async Task A_trouble_is_told_when_it_begins_and_when_it_ends()
    {
        var told = new List<StoreTroubleKind?>();
        new StoreHealth(_under.Store, _under.Time).Changed += trouble => told.Add(trouble?.Kind);
        await SetMaxPagesAsync(0);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.AddAsync(StoreUnderTest.Some("e", body: new string('x', 500_000)), Token));
        }

        await _under.Store.Writer.RunAsync(db => db.Sql("pragma max_page_count = 1000000").Number(), Token);
        Assert.Equal([StoreTroubleKind.Full, null], told);
    }

    [Fact]
    public async Task A_program_that_reads_for_long_is_told_of_and_the_log_is_short_once_it_ends()
    {
        var log = new FileInfo(_under.Options.DatabasePath + "-wal");
        const long Longest = 64L * 1024 * 1024;
        using (var reader = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _under.Options.DatabasePath, Pooling = false }.ToString()))
        {
            reader.Open();
            using var reading = reader.BeginTransaction(deferred: true);
            using var command = reader.CreateCommand();
            command.CommandText = "select count(*) from deliveries";
            command.ExecuteScalar();
            for (var number = 0; number < 90; number++)
            {
                await _under.Inbox.AddAsync(StoreUnderTest.Some($"e{number}", body: new string('x', 1_000_000)), Token);
            }

            await Eventually.HoldsAsync(() => HasTold(StoreTroubleKind.LongLog), "the long log is told of");
            log.Refresh();
            Assert.True(log.Length > Longest);
        }

        await Eventually.HoldsAsync(
            () =>
            {
                log.Refresh();
                return HasTold(null) && log.Length <= Longest;
            },
            "the log is short again");
    }

    [Theory]
    [InlineData(10, 1034, StoreTroubleKind.Broken)]
    [InlineData(10, 778, StoreTroubleKind.Unwritable)]
    [InlineData(13, 13, StoreTroubleKind.Full)]
    [InlineData(5, 5, StoreTroubleKind.Busy)]
    [InlineData(8, 8, StoreTroubleKind.ReadOnly)]
    internal void What_SQLite_says_is_a_kind_of_trouble_with_advice(int code, int extended, StoreTroubleKind kind)
    {
        var error = new SqliteException("it failed", code, extended);

        Assert.Equal(kind, SqliteTroubles.KindOf(error, _under.Options.DatabasePath));
        Assert.Contains(_under.Options.DataDirectory, SqliteTroubles.SentenceOf(error, _under.Options.DatabasePath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nfs", true)]
    [InlineData("cifs", true)]
    [InlineData("ext4", false)]
    [InlineData("tmpfs", false)]
    public void A_database_does_not_lie_on_a_network_file_system(string format, bool isOne) => Assert.Equal(isOne, NetworkFolder.IsOne(format));

    // As each second in the program.
    private bool HasTold(StoreTroubleKind? kind)
    {
        _under.Store.Writer.Look();
        return _under.Store.Troubles.Current?.Kind == kind;
    }

    private Task<long?> SetMaxPagesAsync(int room) => _under.Store.Writer.RunAsync(
        db =>
        {
            var pages = db.Sql("pragma page_count").Number()!.Value + room;
            return db.Sql(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"pragma max_page_count = {pages}")).Number();
        },
        Token);
}
