using Microsoft.Data.Sqlite;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

public sealed class StoreWriterTests : IDisposable
{
    private readonly SqliteUnderTest _under = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Settings Settings => new(_under.Store);

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_deliveries_and_takes_them_again_when_there_is_room()
    {
        await _under.Inbox.AddAsync(StoreUnderTest.Some("before"), Token);
        await SetMaxPagesAsync(1);
        var large = new string('x', 500_000);

        var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            await Record.ExceptionAsync(() => _under.Inbox.AddAsync(StoreUnderTest.Some($"full {i}", body: large), Token))));
        Assert.All(refused, error => Assert.IsType<StoreUnavailableException>(error));
        await SetMaxPagesAsync(1_000_000);

        Assert.True(await _under.Inbox.AddAsync(StoreUnderTest.Some("after", body: large), Token));
        Assert.Equal(["before", "after"], (await _under.Inbox.TakeAsync(0, 10, Token)).Select(delivery => delivery.EventId));
    }

    [Fact]
    public async Task Another_program_that_locks_the_database_for_a_while_is_survived()
    {
        using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _under.Options.DatabasePath, Pooling = false }.ToString());
        other.Open();
        Execute(other, "begin immediate");
        var adding = _under.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token);
        Assert.NotSame(adding, await Task.WhenAny(adding, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token)));

        Execute(other, "rollback");

        Assert.True(await adding.WaitAsync(Eventually.Patience, Token));
    }

    [Fact]
    public async Task A_lock_that_lasts_is_answered_and_the_writer_goes_on_after_it()
    {
        using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _under.Options.DatabasePath, Pooling = false }.ToString());
        other.Open();
        Execute(other, "begin immediate");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.ProbeAsync(Token));

        Execute(other, "rollback");
        Assert.True(await _under.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token));
    }

    [Fact]
    public async Task Too_much_that_waits_is_refused_at_once_and_the_rest_is_written()
    {
        _under.Options.MaxQueuedChanges = 10;
        var blocked = BlockWriter(out var release);
        var waiting = Enumerable.Range(0, 10).Select(i => _under.Inbox.AddAsync(StoreUnderTest.Some($"{i}"), Token)).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.AddAsync(StoreUnderTest.Some("one too many"), Token));

        release();
        await blocked;
        Assert.All(await Task.WhenAll(waiting), Assert.True);
    }

    [Fact]
    public async Task Too_many_bytes_that_wait_are_refused()
    {
        _under.Options.MaxQueuedBytes = 100;
        var blocked = BlockWriter(out var release);
        var large = _under.Inbox.AddAsync(StoreUnderTest.Some("large", body: new string('x', 101)), Token);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.AddAsync(StoreUnderTest.Some("next"), Token));

        release();
        await blocked;
        Assert.True(await large);
    }

    [Theory]
    [InlineData(10, 1_000_000)]
    [InlineData(20_000, 100)]
    public async Task A_flood_of_deliveries_is_refused_and_what_runs_have_to_write_is_not(int maxChanges, long maxBytes)
    {
        (_under.Options.MaxQueuedChanges, _under.Options.MaxQueuedBytes) = (maxChanges, maxBytes);
        var blocked = BlockWriter(out var release);
        var waiting = Enumerable.Range(0, 10).Select(i => _under.Inbox.AddAsync(StoreUnderTest.Some($"{i}", body: new string('x', 11)), Token)).ToList();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _under.Inbox.AddAsync(StoreUnderTest.Some("one too many"), Token));

        var written = Enumerable.Range(0, 10).Select(i => Settings.SetAsync($"key {i}", "x", Token)).ToList();

        release();
        await blocked;
        await Task.WhenAll([.. waiting, .. written]);
    }

    [Fact]
    public async Task Too_many_other_changes_are_refused_as_well()
    {
        _under.Options.MaxQueuedChanges = 10;
        var blocked = BlockWriter(out var release);
        var written = Enumerable.Range(0, 10).Select(i => Settings.SetAsync($"key {i}", "x", Token)).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Settings.SetAsync("one too many", "x", Token));
        var delivery = _under.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token);

        release();
        await blocked;
        await Task.WhenAll(written);
        Assert.True(await delivery);
    }

    [Fact]
    public async Task Deliveries_go_before_other_changes_and_do_not_starve_them()
    {
        var stored = new List<long>();
        _under.Options.MaxChangesPerCommit = 16;
        var blocked = BlockWriter(out var release);
        var others = Enumerable.Range(0, 5).Select(_ => _under.Store.Writer.RunAsync(
            db => stored.Add(db.Sql("select count(*) from deliveries").Number()!.Value), Token)).ToList();
        var deliveries = Enumerable.Range(0, 40).Select(i => _under.Inbox.AddAsync(StoreUnderTest.Some($"d{i}"), Token)).ToList();
        release();
        await blocked;
        await Task.WhenAll([.. others, .. deliveries]);

        // Two of sixteen places are theirs as long as deliveries wait.
        Assert.Equal([14, 14, 28, 28, 40], stored);
    }

    [Fact]
    public async Task What_was_queued_is_written_when_the_store_is_closed()
    {
        var blocked = BlockWriter(out var release);
        var adding = _under.Inbox.AddAsync(StoreUnderTest.Some("e1"), Token);
        var closing = Task.Run(_under.Reopen, Token);
        release();
        await blocked;
        await closing;

        Assert.True(await adding);
        Assert.Single(await _under.Inbox.TakeAsync(0, 10, Token));
    }

    [Fact]
    public async Task Settings_are_kept_replaced_and_forgotten()
    {
        await Settings.SetAsync("paused:alice", "token revoked", Token);
        await Settings.SetAsync("paused:alice", "suspended", Token);
        await Settings.SetAsync("paused:bob", "x", Token);
        await Settings.SetAsync("paused:bob", null, Token);

        _under.Reopen();

        Assert.Equal("suspended", Settings.Get("paused:alice"));
        Assert.Null(Settings.Get("paused:bob"));
        Assert.Equal(["paused:alice"], Settings.List("paused:").Keys);
    }

    private Task BlockWriter(out Action release)
    {
        var begun = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();
        release = gate.Set;
        var blocked = _under.Store.Writer.RunAsync(
            _ =>
            {
                begun.Set();
                gate.Wait();
            },
            Token);
        begun.Wait(Token);
        return blocked;
    }

    private Task<long?> SetMaxPagesAsync(int pages) => _under.Store.Writer.RunAsync(
        db => pages == 1 ? db.Sql("pragma max_page_count = 1").Number() : db.Sql("pragma max_page_count = 1000000").Number(), Token);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
