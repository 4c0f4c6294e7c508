using MisskeyAutomations.Api;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for keys of the API, on every database.</summary>
public abstract class ApiKeysContract : StoreContract
{
    private protected ApiKeysContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private ApiKeys Keys => new(new StoredApiKeys(Under.Store), Under.Time);

    [Fact]
    public async Task A_key_is_known_by_itself_alone_and_over_restarts()
    {
        var (first, second) = (await Keys.MakeAsync("ci", isReadOnly: true, Token), await Keys.MakeAsync("phone", isReadOnly: false, Token));
        Under.Reopen();

        Assert.Equal(("ci", true, Under.Now), Known(first!));
        Assert.Equal(("phone", false, Under.Now), Known(second!));
        Assert.Matches("^mka_[A-Za-z0-9_-]{43}$", first);
        Assert.Null(Keys.Find(first![..^1]));
        Assert.Null(Keys.Find(first.ToUpperInvariant()));
        Assert.Null(Keys.Find(""));
    }

    [Fact]
    public async Task The_store_keeps_no_key_but_its_hash()
    {
        var key = (await Keys.MakeAsync("ci", isReadOnly: false, Token))!;

        var stored = Assert.Single(StoredApiKeys.List(Under.Store.Readers));

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)), stored.Hash);
        Assert.DoesNotContain(key, stored.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_given_once_until_its_key_is_removed()
    {
        var first = (await Keys.MakeAsync("ci", isReadOnly: false, Token))!;
        Assert.Null(await Keys.MakeAsync("ci", isReadOnly: true, Token));

        Assert.True(await Keys.RemoveAsync("ci", Token));
        Assert.False(await Keys.RemoveAsync("ci", Token));
        Assert.NotNull(await Keys.MakeAsync("ci", isReadOnly: true, Token));
        Assert.Null(Keys.Find(first));
    }

    [Theory]
    [InlineData("ci", true)]
    [InlineData("my.phone-2_x", true)]
    [InlineData("", false)]
    [InlineData("-x", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("鍵", false)]
    public void A_name_is_plain(string name, bool isName) => Assert.Equal(isName, ApiKeys.IsName(name));

    private (string Name, bool IsReadOnly, DateTimeOffset CreatedAt) Known(string key) => Keys.Find(key) is { } found ? (found.Name, found.IsReadOnly, found.CreatedAt) : default;
}
