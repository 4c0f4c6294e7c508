using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>The ways in and out, and what ends them.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";

    private House _house = null!;
    private Caller _browser = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DashboardServer Server => _house.Engine.Services.GetRequiredService<DashboardServer>();

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync("rules: []", start: false);
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret(Passphrase) };
        await _house.StartAsync();
        _browser = new Caller(Server);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_signed_in_already_need_not_do_so_in_another_tab()
    {
        var other = await _browser.FormOfAsync("/sign-in?next=/events");
        await _browser.SignInAsync(Passphrase);

        using var again = await _browser.Http.GetAsync("/sign-in?next=/events", Token);
        using var sent = await _browser.PostAsync("/sign-in", [.. other, new("passphrase", Passphrase), new("next", "/events")]);

        Assert.Equal("/events", again.Headers.Location?.ToString());
        Assert.Equal("/", sent.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Another_passphrase_in_the_settings_signs_everybody_out_and_the_same_one_nobody()
    {
        await _browser.SignInAsync(Passphrase);
        var session = _browser.Cookies(Server)[CookieName]!.Value;

        await _house.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, await LookAsync());
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret("another battery staple") };
        await _house.RestartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await LookAsync());

        async Task<HttpStatusCode> LookAsync()
        {
            using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Server.Address}/settings");
            request.Headers.Add("Cookie", $"{CookieName}={session}");
            using var answer = await browser.SendAsync(request, Token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_wrong_passphrase_may_be_tried_five_times_in_a_minute()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync("not the passphrase"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(Passphrase));
    }

    [Fact]
    public async Task Who_signs_out_everywhere_is_signed_out_everywhere()
    {
        using var other = new Caller(Server);
        await other.SignInAsync(Passphrase);
        await _browser.SignInAsync(Passphrase);

        using var answer = await _browser.PostAsync("/sign-out/everywhere", await _browser.FormOfAsync("/settings"));

        using var here = await _browser.Http.GetAsync("/", Token);
        using var there = await other.Http.GetAsync("/", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, here.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, there.StatusCode);
    }

    [Fact]
    public async Task A_link_signs_in_once()
    {
        var link = Server.MakeLink()!;
        using var other = new Caller(Server);
        var (form, forms) = (await _browser.FormOfAsync(link), await other.FormOfAsync(link));
        using var first = await _browser.PostAsync(link, form);
        using var second = await other.PostAsync(link, forms);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, second.StatusCode);
    }

    private string CookieName => $"session-{new Uri(Server.Address!).Port}";

    private async Task<HttpStatusCode> TryAsync(string passphrase)
    {
        using var answer = await _browser.PostAsync("/sign-in", [.. await _browser.FormOfAsync("/sign-in"), new("passphrase", passphrase)]);
        return answer.StatusCode;
    }
}
