using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What an older state of a store that was put back must not bring back with it.</summary>
public sealed class RestoredStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_left_is_not_told_of_again_and_who_was_signed_out_stays_so(bool isPostgres)
    {
        using DurableUnderTest under = isPostgres ? new PostgresUnderTest() : new SqliteUnderTest();
        var settings = new Settings(under.Store);
        await settings.SetAsync("dashboard:session:a", "x", Token);
        await settings.SetAsync("kept", "x", Token);
        await under.Store.Writer.RunAsync(
            db =>
            {
                var account = db.Names.Account("main");
                db.Sql("insert into followers (account, \"user\", follow) values (?, 'bob', 'f1')").Bind(account).Run();
                db.Sql("insert into follower_marks (account, \"user\", compared_at) values (?, 'alice', 1)").Bind(account).Run();
            },
            Token);

        await under.Store.Writer.RunAsync(db => RestoredStore.Stamp(db, under.Now), Token);

        Assert.Equal(0L, under.Store.Readers.Read(connection => connection.ExecuteScalar<long>("select (select count(*) from followers) + (select count(*) from follower_marks)")));
        Assert.Equal((null, "x"), (settings.Get("dashboard:session:a"), settings.Get("kept")));
    }

    [Fact]
    public async Task Among_engines_that_share_a_store_no_lease_is_given_twice()
    {
        using var under = new PostgresUnderTest();
        var settings = new Settings(under.Store);
        var dumped = settings.Get("lease")!;
        under.Reopen();
        under.Reopen();
        var last = under.Store.Lease;

        await new Settings(under.Store).SetAsync("lease", dumped, Token);
        under.Time.Advance(TimeSpan.FromSeconds(10));
        under.Reopen();

        Assert.True(under.Store.Lease > last, $"{under.Store.Lease} is not above {last}");
    }
}
