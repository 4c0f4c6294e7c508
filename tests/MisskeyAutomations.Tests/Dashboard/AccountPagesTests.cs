using Microsoft.Playwright;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>Accounts connected, looked after and let go in a browser, by a person who has the program running.</summary>
[Collection(DashboardHouse.Name)]
public sealed class AccountPagesTests(DashboardHouse house) : IAsyncDisposable
{
    private const string Name = "bobs";

    private IPage? _page;

    private string Server => house.Misskey.Url.GetLeftPart(UriPartial.Authority);

    public async ValueTask DisposeAsync()
    {
        house.Misskey.ClearFaults();
        var page = _page ?? await house.OpenAsync();
        if ((await page.GotoAsync($"{house.Address}/accounts/{Name}/disconnect"))!.Status == 200)
        {
            await page.ClickAsync("button.danger");
        }

        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", false, false, true)]
    [InlineData("ja", true, true, true)]
    [InlineData("en", false, false, false)]
    public async Task An_account_is_connected_looked_at_and_disconnected(string language, bool isDark, bool isPhone, bool hasScript)
    {
        var looks = new Looks(language, isDark, isPhone, hasScript);
        _page = await house.OpenAsync(looks);
        await _page.GotoAsync($"{house.Address}/accounts");
        await _page.ClickAsync("a[href='/connect']");
        await LooksWellAsync(looks, "connect");
        await _page.FillAsync("#server", Server);
        await _page.FillAsync("#name", Name);
        await _page.ClickAsync("button.primary");
        await Eventually.HoldsAsync(() => _page.Locator("a.button.go").IsVisibleAsync(), "it is asked for consent");
        await LooksWellAsync(looks, "connecting");

        await AllowAsync(await _page.GetAttributeAsync("a.button.go", "href"));

        await Eventually.HoldsAsync(() => _page.Locator("#progress .note.good").IsVisibleAsync(), "it is connected");
        await LooksWellAsync(looks, "connected");
        await _page.ClickAsync($"a[href='/accounts/{Name}']");
        await LooksWellAsync(looks, "account");
        Assert.Contains($"@bob@{house.Misskey.Url.Authority}", await _page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(0, await _page.Locator(".note.bad").CountAsync());
        await _page.ClickAsync("a[href$='/disconnect']");
        await LooksWellAsync(looks, "disconnect");
        await _page.ClickAsync("button.danger");
        Assert.Contains(Name, await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        Assert.Equal(404, (await _page.GotoAsync($"{house.Address}/accounts/{Name}"))!.Status);
    }

    [Theory]
    [InlineData("two words", "'two words' is no server. Write it like misskey.example.")]
    [InlineData("http://misskey.example", "http:// would send the token in clear. Write https://misskey.example.")]
    public async Task What_is_no_server_is_told_in_the_form_which_stays_as_it_was(string server, string sentence)
    {
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/connect");
        await _page.FillAsync("#server", server);
        await _page.FillAsync("#name", "kept");

        await _page.ClickAsync("button.primary");

        Assert.Equal(sentence, await _page.InnerTextAsync("[role=alert]"));
        Assert.Equal((server, "kept"), (await _page.InputValueAsync("#server"), await _page.InputValueAsync("#name")));
    }

    [Fact]
    public async Task What_does_not_work_is_told_where_it_is_waited_for()
    {
        _page = await house.OpenAsync();
        await BeginAsync("http://127.0.0.1:9", url: null);

        await Eventually.HoldsAsync(() => _page.Locator("#progress .note.bad").IsVisibleAsync(), "it is told");
        Assert.Contains("127.0.0.1:9 cannot be reached", await _page.InnerTextAsync("#progress .note.bad"), StringComparison.Ordinal);
        await _page.ReloadAsync();
        Assert.Contains("127.0.0.1:9 cannot be reached", await _page.InnerTextAsync("#progress .note.bad"), StringComparison.Ordinal);
        await _page.ClickAsync("a[href^='/connect?']");
        Assert.Equal(("http://127.0.0.1:9", Name), (await _page.InputValueAsync("#server"), await _page.InputValueAsync("#name")));
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_ends_it()
    {
        _page = await house.OpenAsync();
        await BeginAsync(Server, url: null);

        await _page.ClickAsync("button.danger");

        await Eventually.HoldsAsync(() => _page.Locator("#progress .note.bad").IsVisibleAsync(), "it is ended");
        Assert.Contains("nothing was kept", await _page.InnerTextAsync("#progress .note.bad"), StringComparison.Ordinal);
        Assert.Equal(404, (await _page.GotoAsync($"{house.Address}/accounts/{Name}"))!.Status);
    }

    [Fact]
    public async Task A_connected_account_pauses_goes_on_and_gets_a_new_secret_unless_Misskey_refuses()
    {
        _page = await house.OpenAsync();
        await BeginAsync(Server, house.Door);
        await Eventually.HoldsAsync(() => _page.Locator("a.button.go").IsVisibleAsync(), "it is asked for consent");
        await AllowAsync(await _page.GetAttributeAsync("a.button.go", "href"));
        await Eventually.HoldsAsync(() => _page.Locator("#progress .note.good").IsVisibleAsync(), "it is connected");
        await _page.GotoAsync($"{house.Address}/accounts/{Name}");

        await _page.ClickAsync("form[action$='/pause'] button");
        Assert.Contains("You paused it", await _page.InnerTextAsync("main p.tag"), StringComparison.Ordinal);
        await _page.ClickAsync("form[action$='/resume'] button");
        Assert.Contains("All is well", await _page.InnerTextAsync("main p.tag"), StringComparison.Ordinal);
        var former = house.World.WebhooksOf(house.Bob).Single().Secret;
        await _page.ClickAsync("form[action$='/rotate-secret'] button");
        Assert.Contains("The webhook has a new secret.", await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        var present = house.World.WebhooksOf(house.Bob).Single().Secret;
        Assert.NotEqual(former, present);
        house.Misskey.Inject("i/webhooks/update", Fault.RefuseWith(400, "INVALID_PARAM"), times: 100);
        await _page.ClickAsync("form[action$='/rotate-secret'] button");

        Assert.Contains(Name, await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        Assert.Equal(present, house.World.WebhooksOf(house.Bob).Single().Secret);
    }

    [Fact]
    public async Task A_checkup_tells_what_is_well_and_what_is_not()
    {
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/accounts");

        await _page.ClickAsync("form[action='/checkup'] button");

        Assert.Contains($"The token is @alice's.", await _page.InnerTextAsync("[aria-labelledby=found]"), StringComparison.Ordinal);
        Assert.True(await _page.Locator(".note.warn").CountAsync() > 0, "alice is not marked as a bot");
        await LooksWellAsync(new(), "checkup");
        await _page.ClickAsync("a[href='/accounts/main']");
        await _page.ClickAsync("form[action$='/checkup'] button");
        Assert.Contains($"The token is @alice's.", await _page.InnerTextAsync("[aria-labelledby=found]"), StringComparison.Ordinal);
        Assert.Contains("It stands in the configuration", await _page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    private async Task BeginAsync(string server, string? url)
    {
        await _page!.GotoAsync($"{house.Address}/connect");
        await _page.FillAsync("#server", server);
        await _page.FillAsync("#name", Name);
        await _page.FillAsync("#url", url ?? "");
        await _page.ClickAsync("button.primary");
    }

    // In the browser of the person, who is signed in there.
    private async Task AllowAsync(string? link)
    {
        var consent = await house.OpenAsStrangerAsync();
        await consent.GotoAsync(link!);
        await consent.SelectOptionAsync("select[name=user]", "bob");
        await consent.ClickAsync("button[value=allow]");
        await consent.Context.CloseAsync();
    }

    private async Task LooksWellAsync(Looks looks, string name)
    {
        if (looks.HasScript)
        {
            await PagesTests.LooksWellAsync(_page!, looks, name);
        }
    }
}
