using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What a durable store promises about connected accounts.</summary>
public abstract class StoredAccountsContract : StoreContract
{
    private protected StoredAccountsContract(Func<DurableUnderTest> open) : base(open)
    {
    }

    private StoredAccounts Accounts => new(((DurableUnderTest)Store).Store);

    [Fact]
    public async Task An_account_is_kept_over_restarts_until_it_is_removed()
    {
        await Accounts.SaveAsync("main", [1, 0, 255], Token);
        await Accounts.SaveAsync("second", [2], Token);
        await Accounts.SaveAsync("main", [3, 0, 254], Token);

        Store.Reopen();

        Assert.Equal([3, 0, 254], Accounts.List()["main"]);
        Assert.Equal([2], Accounts.List()["second"]);
        Assert.True(await Accounts.RemoveAsync("main", Token));
        Assert.False(await Accounts.RemoveAsync("main", Token));
        Assert.Equal(["second"], Accounts.List().Keys);
    }

    [Fact]
    public async Task Who_looked_before_another_changed_it_changes_nothing()
    {
        await Accounts.SaveAsync("main", [1], Token);
        await Accounts.SaveAsync("main", [2], Token);

        Assert.False(await Accounts.ReplaceAsync("main", [1], [3], Token));
        Assert.True(await Accounts.ReplaceAsync("main", [2], [4], Token));

        Assert.Equal([4], Accounts.List()["main"]);
    }
}

/// <summary>SQLite keeps what connected accounts promise.</summary>
public sealed class SqliteStoredAccountsTests() : StoredAccountsContract(() => new SqliteUnderTest());

/// <summary>PostgreSQL keeps what connected accounts promise.</summary>
public sealed class PostgresStoredAccountsTests() : StoredAccountsContract(() => new PostgresUnderTest());
