using System.Data.Common;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for changes that share a transaction, on every database.</summary>
public abstract class WriterContract : StoreContract
{
    private protected WriterContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private StoreWriter Writer => Under.Store.Writer;

    private Settings Settings => new(Under.Store);

    [Fact]
    public async Task An_operation_that_fails_takes_no_neighbour_along()
    {
        var blocked = BlockWriter(out var release);
        var changes = Enumerable.Range(0, 100).Select(i => i % 10 == 5
            ? Writer.RunAsync(
                db =>
                {
                    db.Sql("insert into settings (key, value) values (?, 'half')").Bind($"half {i}").Run();
                    throw new InvalidOperationException($"failed {i}");
                },
                Token)
            : Settings.SetAsync($"whole {i}", "x", Token)).ToList();
        release();
        await blocked;

        for (var i = 0; i < changes.Count; i++)
        {
            if (i % 10 == 5)
            {
                Assert.Equal($"failed {i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => changes[i])).Message);
            }
            else
            {
                await changes[i];
            }
        }

        Assert.Equal(90, Settings.List("whole ").Count);
        Assert.Empty(Settings.List("half "));
    }

    [Fact]
    public async Task A_statement_that_fails_is_its_own_operation_s_failure_though_nobody_asked_for_its_result()
    {
        await Settings.SetAsync("taken", "x", Token);
        var blocked = BlockWriter(out var release);
        var before = Settings.SetAsync("before", "x", Token);
        var failing = Writer.RunAsync(
            static db =>
            {
                db.Sql("insert into settings (key, value) values ('half', 'x')").Run();
                db.Sql("insert into settings (key, value) values ('taken', 'x')").Run();
            },
            Token);
        var after = Writer.RunAsync(static db => db.Sql("select value from settings where key = 'before'").First(static row => row.Text(0)), Token);
        release();
        await blocked;

        await Assert.ThrowsAnyAsync<DbException>(() => failing);
        await before;
        Assert.Equal("x", await after);
        Assert.Null(Settings.Get("half"));
    }

    [Fact]
    public async Task Deliveries_are_stored_beside_a_change_that_fails()
    {
        var blocked = BlockWriter(out var release);
        var adding = Enumerable.Range(0, 6).Select(i => Under.Inbox.AddAsync(StoreUnderTest.Some($"event {i}"), Token)).ToList();
        var impossible = Writer.RunAsync(static db => db.Sql("insert into deliveries (hook) values (1)").Run(), Token);
        release();
        await blocked;

        await Assert.ThrowsAnyAsync<DbException>(() => impossible);
        Assert.All(await Task.WhenAll(adding), Assert.True);
        Assert.Equal(6, (await Under.Inbox.TakeAsync(0, 10, Token)).Count);
    }

    [Fact]
    public async Task Rows_that_changed_are_counted_though_others_were_put_off_before()
    {
        var changed = await Writer.RunAsync(
            static db =>
            {
                foreach (var key in (string[])["a", "b", "c"])
                {
                    db.Sql("insert into settings (key, value) values (?, 'x')").Bind(key).Run();
                }

                return db.Sql("update settings set value = 'y' where key in ('a', 'b')").RunAndCount();
            },
            Token);

        Assert.Equal(2, changed);
    }

    [Fact]
    public async Task Numbers_of_names_that_an_undone_operation_gave_are_given_anew()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Writer.RunAsync(
            static db =>
            {
                _ = db.Names.Hook("alice", "hook1");
                throw new InvalidOperationException();
            },
            Token));

        await Under.ArriveAsync();

        Assert.Equal("alice", Assert.Single(await Under.Inbox.TakeAsync(0, 10, Token)).Account);
    }

    private Task BlockWriter(out Action release)
    {
        var begun = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();
        release = gate.Set;
        var blocked = Writer.RunAsync(
            _ =>
            {
                begun.Set();
                gate.Wait();
            },
            Token);
        begun.Wait(Token);
        return blocked;
    }
}
