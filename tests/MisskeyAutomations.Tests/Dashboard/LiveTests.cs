using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Tests.EndToEnd;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>What keeps open pages up to date.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";
    private const int MostFeeds = 3;

    private House _house = null!;
    private Caller _browser = null!;
    private Person _bob = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync("rules: [{ name: pong, on: mention, do: [{ reply: PONG! }] }]", start: false);
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret(Passphrase), MostFeeds = MostFeeds };
        await _house.StartAsync();
        _house.AddWebhook();
        _bob = _house.World.AddAccount("bob", "Bob <img src=x onerror=alert(1)>");
        _browser = new(_house.Engine.Services.GetRequiredService<DashboardServer>());
        await _browser.SignInAsync(Passphrase);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_is_told_and_so_is_what_became_of_it()
    {
        using var feed = await ListenAsync("/live");

        _house.World.Post(_bob, "@alice <script>alert(1)</script> \r\ndata: forged");

        await feed.HearsAsync("id=\"event-1\"");
        await feed.HearsAsync("pong: succeeded");
        Assert.Contains("&lt;script&gt;", feed.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", feed.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("\ndata: forged", feed.Heard, StringComparison.Ordinal);
        Assert.Equal("text/event-stream", feed.Type);
    }

    [Fact]
    public async Task Only_what_the_page_asks_for_is_told()
    {
        using var followers = await ListenAsync("/live?type=followed");
        using var texts = await ListenAsync("/live?text=heron");
        using var all = await ListenAsync("/live");

        _house.World.Post(_bob, "@alice a cormorant");
        await all.HearsAsync("cormorant");
        _house.World.Post(_bob, "@alice a heron");
        _house.World.Follow(_bob, _house.Owner);

        await followers.HearsAsync(">followed</a>");
        await texts.HearsAsync("heron");
        Assert.DoesNotContain("cormorant", followers.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("cormorant", texts.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_was_cut_off_is_told_what_changed_meanwhile_alone()
    {
        _house.World.Post(_bob, "@alice one");
        using var other = await ListenAsync("/live");
        await other.HearsAsync("pong: succeeded");
        var id = other.Heard[(other.Heard.LastIndexOf("\nid: ", StringComparison.Ordinal) + "\nid: ".Length)..].Split('\n')[0];

        using var again = await ListenAsync("/live", id);
        _house.World.Post(_bob, "@alice two");
        await again.HearsAsync("@alice two");
        using var strange = await ListenAsync("/live", "ffffffff.1");
        await strange.HearsAsync("@alice one");

        Assert.DoesNotContain("@alice one", again.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_of_the_overview_follow()
    {
        using var feed = await ListenAsync("/live?of=figures");

        await feed.HearsAsync("id=\"figures\"");
        Assert.DoesNotContain("<form", feed.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_are_open_than_may_be()
    {
        var feeds = new List<Listener>();
        for (var i = 0; i < MostFeeds; i++)
        {
            feeds.Add(await ListenAsync("/live"));
        }

        using var refused = await _browser.Http.GetAsync("/live", Token);
        feeds.ForEach(feed => feed.Dispose());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("Close some", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await _browser.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Token);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "those that were left make room");
    }

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/sign-out/everywhere")]
    [InlineData(null)]
    public async Task It_ends_with_the_session(string? order)
    {
        using var feed = await ListenAsync("/live");
        await feed.HearsAsync(":");

        if (order is null)
        {
            _house.Time.Shift += Sessions.Idle + TimeSpan.FromMinutes(1);
        }
        else
        {
            using var answer = await _browser.PostAsync(order, await _browser.FormOfAsync("/settings"));
        }

        await feed.HearsAsync("event: over");
        await feed.EndsAsync();
        using var again = await _browser.Http.GetAsync("/live", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task The_program_ends_while_pages_are_open()
    {
        using var feed = await ListenAsync("/live");

        await _house.StopAsync();

        await feed.EndsAsync();
        Assert.Contains("event: over", feed.Heard, StringComparison.Ordinal);
    }

    private async Task<Listener> ListenAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await _browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new(answer);
    }

    private sealed class Listener : IDisposable
    {
        private readonly HttpResponseMessage _answer;
        private readonly StringBuilder _heard = new();
        private readonly Task _listening;

        public Listener(HttpResponseMessage answer)
        {
            _answer = answer;
            _listening = ListenAsync();
        }

        public string? Type => _answer.Content.Headers.ContentType?.MediaType;

        public string Heard
        {
            get
            {
                lock (_heard)
                {
                    return _heard.ToString();
                }
            }
        }

        public Task HearsAsync(string what) => Eventually.HoldsAsync(() => Heard.Contains(what, StringComparison.Ordinal), what);

        public Task EndsAsync() => _listening.WaitAsync(Eventually.Patience, Token);

        public void Dispose() => _answer.Dispose();

        private async Task ListenAsync()
        {
            try
            {
                var buffer = new byte[4096];
                var stream = await _answer.Content.ReadAsStreamAsync(Token);
                while (await stream.ReadAsync(buffer, Token) is > 0 and var read)
                {
                    lock (_heard)
                    {
                        _heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
                    }
                }
            }
            catch (Exception trouble) when (trouble is IOException or HttpRequestException or ObjectDisposedException)
            {
                // It was hung up.
            }
        }
    }
}
