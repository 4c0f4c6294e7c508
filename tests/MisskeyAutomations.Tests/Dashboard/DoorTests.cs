using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>Who gets in, and what strangers get: every route of the dashboard, as its own list of them says.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";

    // Beside these nobody gets anything who is not signed in.
    private static readonly string[] ForEverybody = ["assets", "healthz", "sign-in"];

    private House _house = null!;
    private Caller _browser = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DashboardServer Server => _house.Engine.Services.GetRequiredService<DashboardServer>();

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync("rules: []", start: false);
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Hosts = ["dash.example"], Passphrase = new Secret(Passphrase) };
        await _house.StartAsync();
        _browser = new Caller(Server);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _house.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("over")]
    public async Task Whoever_is_not_signed_in_gets_nothing(string? session)
    {
        if (session == "over")
        {
            await _browser.SignInAsync(Passphrase);
            _house.Time.Shift += Sessions.Idle + TimeSpan.FromMinutes(1);
        }
        else if (session is not null)
        {
            _browser.Http.DefaultRequestHeaders.Add("Cookie", $"{CookieName}={new string('a', 64)}");
        }

        foreach (var (method, path) in Routes())
        {
            using var answer = await _browser.SendAsync(method, path);

            Assert.True(
                answer.StatusCode is HttpStatusCode.Unauthorized || answer.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) is true,
                $"{method} {path} gives {answer.StatusCode}");
            Assert.True(path.StartsWith("/api/", StringComparison.Ordinal) || (await answer.Content.ReadAsStringAsync(Token)).Length == 0, path);
        }
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_be_careful()
    {
        await _browser.SignInAsync(Passphrase);

        foreach (var (method, path) in Routes().Concat(AllRoutes().Where(route => route.Method == "GET")))
        {
            using var answer = await _browser.SendAsync(method, path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, $"{method} {path} may be kept");
        }
    }

    [Fact]
    public async Task A_name_that_is_not_ours_is_not_answered()
    {
        foreach (var (host, status) in ((string, HttpStatusCode)[])
            [("evil.example", HttpStatusCode.MisdirectedRequest), ("dash.example", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("192.168.1.5", HttpStatusCode.OK), ("dash.example.evil.example", HttpStatusCode.MisdirectedRequest)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = host } };
            using var answer = await _browser.Http.SendAsync(request, Token);

            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Accept", "text/html")]
    public async Task A_form_of_another_site_changes_nothing(string header, string value)
    {
        await _browser.SignInAsync(Passphrase);
        var form = await _browser.FormOfAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/panic/on") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add(header, value);

        using var answer = await _browser.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(_house.Engine.Services.GetRequiredService<MisskeyAutomations.Engine.Runs.Holds>().Panic);
    }

    [Fact]
    public async Task What_no_page_of_ours_sends_is_refused_and_no_fault()
    {
        using var crowded = await _browser.PostAsync("/sign-in", [.. Enumerable.Range(0, 2_000).Select(number => KeyValuePair.Create($"field{number}", "x"))]);
        using var strange = await _browser.PostAsync("/sign-in", [.. await _browser.FormOfAsync("/sign-in"), new("passphrase", "\uFFFEbattery staple")]);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity), (crowded.StatusCode, strange.StatusCode));
    }

    [Fact]
    public async Task Whoever_was_signed_out_meanwhile_gets_back_what_they_wrote()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rules/files/any/save") { Content = new FormUrlEncodedContent([new("text", "rules: [] # <b>an hour's work</b>")]) };
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await _browser.Http.SendAsync(request, Token);
        var page = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("You are signed out", page, StringComparison.Ordinal);
        Assert.Contains("rules: [] # &lt;b&gt;an hour", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("cross-site", false)]
    public async Task A_form_that_is_too_old_brings_its_text_back_unless_it_is_a_strangers(string site, bool isKept)
    {
        await _browser.SignInAsync(Passphrase);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rules/files/any/save") { Content = new FormUrlEncodedContent([new("text", "an hour of work")]) };
        request.Headers.Add("Sec-Fetch-Site", site);

        using var answer = await _browser.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(isKept, (await answer.Content.ReadAsStringAsync(Token)).Contains("an hour of work", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("identity", null)]
    public async Task The_editor_gets_its_schema_in_a_way_that_its_browser_takes(string accepted, string? encoding)
    {
        await _browser.SignInAsync(Passphrase);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/rules/schema");
        request.Headers.Add("Accept-Encoding", accepted);

        using var answer = await _browser.Http.SendAsync(request, Token);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(accepted == "identity", (await answer.Content.ReadAsStringAsync(Token)).StartsWith('{'));
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        await _browser.SignInAsync(Passphrase);

        using var answer = await _browser.PostAsync("/panic/on", []);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(_house.Engine.Services.GetRequiredService<MisskeyAutomations.Engine.Runs.Holds>().Panic);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_somebody_calls_from_is_believed_to_the_proxies_of_the_settings_alone(bool isProxy)
    {
        if (isProxy)
        {
            await _house.StopAsync();
            _house.Dashboard = _house.Dashboard! with { Proxies = [IPNetwork.Parse("127.0.0.0/8")] };
            await _house.StartAsync();
        }

        using var browser = new Caller(Server);
        var form = await browser.FormOfAsync("/sign-in");
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([.. form, new("passphrase", "not the passphrase")]) };
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("X-Forwarded-For", $"198.51.{i}.7");
            using var answer = await browser.Http.SendAsync(request, Token);
            last = answer.StatusCode;
        }

        using var secure = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        secure.Headers.Add("X-Forwarded-Proto", "https");
        secure.Headers.Add("X-Forwarded-Host", "evil.example");
        using var fresh = new Caller(Server);
        using var page = await fresh.Http.SendAsync(secure, Token);

        Assert.Equal(isProxy ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.TooManyRequests, last);
        Assert.Equal(isProxy, page.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain("evil.example", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_webhooks_have_no_pages_and_the_pages_no_webhooks()
    {
        using var http = new HttpClient();
        using var page = await http.GetAsync(new Uri(_house.Door, "/sign-in"), Token);
        using var hook = await http.PostAsync(new Uri($"{Server.Address}/hooks/main"), new StringContent("{}"), Token);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, hook.StatusCode);
    }

    private string CookieName => $"session-{new Uri(Server.Address!).Port}";

    private IEnumerable<(string Method, string Path)> Routes() =>
        AllRoutes().Where(route => !ForEverybody.Contains(route.Path.Split('/')[1], StringComparer.Ordinal));

    private IEnumerable<(string Method, string Path)> AllRoutes() => Server.Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(method =>
            (method, "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
                string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "1")))))));
}
