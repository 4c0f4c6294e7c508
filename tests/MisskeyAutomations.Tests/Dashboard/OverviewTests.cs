using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>What the overview and the lists show, and what they say to a wrong address.</summary>
public sealed class OverviewTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";

    private House _house = null!;
    private Caller _browser = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync("rules: [{ name: pong, on: mention, do: [{ reply: PONG! }, { wait: 5m }] }]", start: false);
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret(Passphrase) };
        await _house.StartAsync();
        _house.AddWebhook("mention");
        _browser = new(_house.Engine.Services.GetRequiredService<DashboardServer>());
        await _browser.SignInAsync(Passphrase);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _house.DisposeAsync();
    }

    [Theory]
    [InlineData("", 24)]
    [InlineData("hour", 60)]
    [InlineData("day", 24)]
    [InlineData("Week", 7)]
    public async Task Charts_show_what_was_done_and_say_it_in_words_and_in_a_table(string span, int steps)
    {
        const string Said = "<desc id=\"actions-said\">1 in all; most at [0-9:-]+: 1</desc>";
        _house.World.Post(_house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ WaitsFor: WaitReason.Step }], "it is answered, and waits");
        var page = "";
        await Eventually.HoldsAsync(async () => Regex.IsMatch(page = await _browser.Http.GetStringAsync($"/?span={span}&account=main", Token), Said, RegexOptions.None, TimeSpan.FromSeconds(1)), "it is counted");

        Assert.Equal(steps, page[page.IndexOf("<details>", StringComparison.Ordinal)..].Split("<th scope=\"row\">").Length - 1);
        Assert.Contains("<title id=\"events-title\">Events</title>", page, StringComparison.Ordinal);
        Assert.Matches("<desc id=\"events-said\">1 in all; most at [0-9:-]+: 1</desc>", page);
        Assert.Contains("<desc id=\"failed-said\">None.</desc>", page, StringComparison.Ordinal);
        Assert.Matches("the end of a wait step.*oldest:", page.ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("/?span=year", "Nothing is drawn over &#x27;year&#x27;. Choose one of the list below.")]
    [InlineData("/?account=nobody", "There is no account &#x27;nobody&#x27;. Choose one of the list below.")]
    [InlineData("/events?before=zzz", "&#x27;zzz&#x27; is no number from which a list could begin.")]
    [InlineData("/runs?before=-1", "&#x27;-1&#x27; is no number from which a list could begin.")]
    [InlineData("/runs?state=asleep", "There is no state &#x27;asleep&#x27;.")]
    [InlineData("/runs?state=17", "There is no state &#x27;17&#x27;.")]
    public async Task A_wrong_address_gets_the_page_and_what_to_do(string path, string sentence)
    {
        using var answer = await _browser.Http.GetAsync(path, Token);
        var page = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains("<h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_paused_and_refused_says_both()
    {
        var holds = _house.Engine.Services.GetRequiredService<Holds>();
        _house.World.RevokeToken(_house.Token);
        _house.World.Post(_house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => holds.Paused.ContainsKey("main"), "it is refused");
        var refused = await _browser.Http.GetStringAsync("/", Token);
        holds.Stop("main");

        var both = await _browser.Http.GetStringAsync("/", Token);

        Assert.Contains("Misskey refuses it: ", refused, StringComparison.Ordinal);
        Assert.Contains("You paused it; its events are still accepted. Misskey refuses it as well: ", both, StringComparison.Ordinal);
    }
}
