using System.Net;

namespace MisskeyAutomations.Bench.Load;

/// <summary>A browser without a screen, for the dashboard of a load test.</summary>
internal static class Browser
{
    private const string Token = "__RequestVerificationToken";

    /// <summary>One that is signed in.</summary>
    public static async Task<HttpClient> SignInAsync(Uri dashboard)
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = dashboard, Timeout = Timeout.InfiniteTimeSpan };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var form = new FormUrlEncodedContent([await FormOfAsync(browser, "/sign-in"), new("passphrase", Servers.Passphrase)]);
        using var answer = await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        return answer.StatusCode == HttpStatusCode.Redirect ? browser : throw new InvalidOperationException($"The sign-in gave {answer.StatusCode}.");
    }

    /// <summary>The token that every form of a page bears.</summary>
    public static async Task<KeyValuePair<string, string>> FormOfAsync(HttpClient browser, string path)
    {
        var page = await browser.GetStringAsync(new Uri(path, UriKind.Relative));
        var begin = page.IndexOf($"name=\"{Token}\" value=\"", StringComparison.Ordinal) + $"name=\"{Token}\" value=\"".Length;
        return new(Token, WebUtility.HtmlDecode(page[begin..page.IndexOf('"', begin)]));
    }
}
