using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>An owner signs in by Misskey's page of consent; nobody else does, and nothing leads elsewhere.</summary>
public sealed partial class MisskeySignInTests : IAsyncLifetime
{
    private House _house = null!;
    private Caller _browser = null!;
    private HttpClient _atMisskey = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Server => _house.Misskey.Url.Authority;

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync("rules: []", start: false);
        _house.World.AddAccount("bob");
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret("correct horse battery") };
        _atMisskey = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _atMisskey.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task The_owner_of_an_account_gets_in()
    {
        await StartAsync();
        var link = await BeginAsync(next: "/events?type=mention");

        using var answer = await _browser.Http.GetAsync(await AllowAsync(link, "alice"), Token);
        using var page = await _browser.Http.GetAsync("/", Token);

        Assert.Equal("read:account", QueryOf(link, "permission"));
        Assert.Contains("content=\"0; url=/events?type=mention\"", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task They_are_out_once_the_engine_does_not_act_for_the_account()
    {
        await StartAsync();
        using var welcome = await _browser.Http.GetAsync(await AllowAsync(await BeginAsync(), "alice"), Token);
        using var before = await _browser.Http.GetAsync("/", Token);
        var accounts = _house.Engine.Services.GetRequiredService<AccountDirectory>();
        var main = accounts.Find("main")!;
        accounts.Remove("main");

        using var without = await _browser.Http.GetAsync("/", Token);
        accounts.Put(main);
        accounts.Confirm("main", "another");
        using var ofAnother = await _browser.Http.GetAsync("/", Token);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (before.StatusCode, without.StatusCode, ofAnother.StatusCode));
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        await StartAsync();

        await IsRefusedAsync(await AllowAsync(await BeginAsync(), "bob"), "@bob@127.0.0.1:");
    }

    [Fact]
    public async Task What_nobody_allowed_lets_nobody_in_and_is_used_up()
    {
        await StartAsync();
        var link = await BeginAsync();
        var back = BackOf(link);

        await IsRefusedAsync(back, "says that nobody allowed it");
        await AllowAsync(link, "alice");
        await IsRefusedAsync(back, "was ended already");
    }

    [Fact]
    public async Task Who_began_does_not_get_in_by_what_another_browser_came_back_with()
    {
        await StartAsync();
        var link = await BeginAsync();
        var back = await AllowAsync(link, "alice");
        using var other = new Caller(_house.Engine.Services.GetRequiredService<DashboardServer>());

        await IsRefusedAsync(back, "was begun in another browser", other);
        await IsRefusedAsync(back, "was ended already");
    }

    [Fact]
    public async Task Who_comes_back_from_another_sign_in_does_not_get_in()
    {
        await StartAsync();
        var first = await AllowAsync(await BeginAsync(), "alice");
        await BeginAsync();

        await IsRefusedAsync(first, "from another sign-in");
        await IsRefusedAsync(new(first, "?session="), "was ended already");
    }

    [Fact]
    public async Task It_is_good_for_ten_minutes()
    {
        await StartAsync();
        var back = await AllowAsync(await BeginAsync(), "alice");
        _house.Time.Shift += TimeSpan.FromMinutes(11);

        await IsRefusedAsync(back, "more than 10 minutes ago");
    }

    [Theory]
    [InlineData("misskey.example")]
    [InlineData("evil.example/miauth")]
    [InlineData("")]
    public async Task A_server_of_which_the_engine_has_no_account_is_never_led_to(string server)
    {
        await StartAsync();

        using var answer = await _browser.PostAsync("/sign-in/misskey", [.. await _browser.FormOfAsync("/sign-in"), new("server", server)]);
        var page = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("The engine has no account there any more", page, StringComparison.Ordinal);
        Assert.DoesNotContain("example", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task It_leads_to_no_other_site(string next)
    {
        await StartAsync();

        using var answer = await _browser.Http.GetAsync(await AllowAsync(await BeginAsync(next), "alice"), Token);

        Assert.Contains("content=\"0; url=/\"", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        _house.Server = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        await StartAsync(isChecked: false);

        await IsRefusedAsync(BackOf(await BeginAsync(server: _house.Server.Authority)), "cannot be asked who you are");
    }

    [Fact]
    public async Task Where_it_is_switched_off_it_is_not_there()
    {
        _house.Dashboard = _house.Dashboard! with { MisskeySignIn = false };
        await StartAsync();

        var page = await _browser.Http.GetStringAsync("/sign-in", Token);
        using var answer = await _browser.PostAsync("/sign-in/misskey", [.. await _browser.FormOfAsync("/sign-in"), new("server", Server)]);

        Assert.DoesNotContain(Server, page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task It_may_be_tried_as_often_as_the_passphrase()
    {
        await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await BeginAsync();
        }

        using var answer = await _browser.PostAsync("/sign-in/misskey", [.. await _browser.FormOfAsync("/sign-in"), new("server", Server)]);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    private async Task StartAsync(bool isChecked = true)
    {
        await _house.StartAsync();
        _browser = new(_house.Engine.Services.GetRequiredService<DashboardServer>());
        if (isChecked)
        {
            await _house.Engine.Services.GetRequiredService<MisskeyAutomations.Misskey.MisskeyAccountCheck>().UserIdAsync("main", Token).WaitAsync(Eventually.Patience, Token);
        }
    }

    // The page on the way to Misskey has the link.
    private async Task<Uri> BeginAsync(string next = "/", string? server = null)
    {
        using var answer = await _browser.PostAsync("/sign-in/misskey", [.. await _browser.FormOfAsync("/sign-in"), new("server", server ?? Server), new("next", next)]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new(WebUtility.HtmlDecode(Link.Match(await answer.Content.ReadAsStringAsync(Token)).Groups["link"].Value));
    }

    // What the person does at Misskey, and where it leads them.
    private async Task<Uri> AllowAsync(Uri link, string user)
    {
        using var answer = await _atMisskey.PostAsync(link, new FormUrlEncodedContent([new("user", user), new("decision", "allow")]), Token);
        Assert.Equal(BackOf(link), answer.Headers.Location);
        return answer.Headers.Location!;
    }

    private async Task IsRefusedAsync(Uri back, string sentence, Caller? browser = null)
    {
        using var answer = await (browser ?? _browser).Http.GetAsync(back, Token);
        using var page = await (browser ?? _browser).Http.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
    }

    private static Uri BackOf(Uri link) => new($"{QueryOf(link, "callback")}?session={link.Segments[^1]}");

    private static string QueryOf(Uri link, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query)[name].ToString();

    [GeneratedRegex("href=\"(?<link>http://[^\"]+/miauth/[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link { get; }
}

/// <summary>The same in a browser, with its cookies and its content policy.</summary>
[Collection(DashboardHouse.Name)]
public sealed class MisskeySignInPageTests(DashboardHouse house)
{
    [Theory]
    [InlineData("en", false, false)]
    [InlineData("ja", true, true)]
    public async Task The_owner_gets_in_from_a_page_that_was_asked_for(string language, bool isDark, bool isPhone)
    {
        var looks = new Looks(language, isDark, isPhone);
        var page = await house.OpenAsStrangerAsync(looks);
        await page.GotoAsync($"{house.Address}/settings");
        await PagesTests.LooksWellAsync(page, looks, "sign-in-misskey");
        await page.ClickAsync("button[name=server]");
        await PagesTests.LooksWellAsync(page, looks, "sign-in-misskey-go");
        await page.ClickAsync("a.primary");
        await page.SelectOptionAsync("select[name=user]", "alice");

        await page.ClickAsync("button[value=allow]");
        try
        {
            await page.Locator("form[action='/sign-out']").WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The browser stays at {page.Url}: {await page.InnerTextAsync("body")}");
        }

        Assert.Equal($"{house.Address}/settings", page.Url);
        await page.Context.CloseAsync();
    }
}
