using System.Net;
using MisskeyAutomations.Dashboard;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>A browser without a screen: it keeps cookies, follows no redirects, and sends forms as the pages do.</summary>
internal sealed class Caller(DashboardServer server) : IDisposable
{
    private const string FormToken = "__RequestVerificationToken";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };

    public HttpClient Http => field ??= new(_handler) { BaseAddress = new Uri(server.Address!) };

    /// <summary>What a server has given.</summary>
    public CookieCollection Cookies(DashboardServer of) => _handler.CookieContainer.GetCookies(new Uri(of.Address!));

    public async Task SignInAsync(string passphrase)
    {
        using var answer = await PostAsync("/sign-in", [.. await FormOfAsync("/sign-in"), new("passphrase", passphrase)]);
        Assert.Equal("/", answer.Headers.Location?.ToString());
    }

    public async Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await Http.SendAsync(request, Token);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        // A live feed has no end.
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>The token that every form of a page bears.</summary>
    public async Task<KeyValuePair<string, string>[]> FormOfAsync(string path)
    {
        var page = await Http.GetStringAsync(path, Token);
        var begin = page.IndexOf($"name=\"{FormToken}\" value=\"", StringComparison.Ordinal) + $"name=\"{FormToken}\" value=\"".Length;
        return [new(FormToken, WebUtility.HtmlDecode(page[begin..page.IndexOf('"', begin)]))];
    }

    public void Dispose() => Http.Dispose();
}
