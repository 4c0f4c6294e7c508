using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>
/// What strangers write is text, on every page that shows it: 300 strings that are script elsewhere, as texts, names, hosts, emoji and descriptions of rules,
/// in a real browser. No dialog opens, no element of theirs is there, and the content policy has nothing to refuse.
/// </summary>
[Collection(DashboardHouse.Name)]
public sealed class XssTests(DashboardHouse house) : IAsyncLifetime
{
    private const string RuleFile = "hostile.yaml";

    private static readonly string[] Cores =
    [
        "<script data-xss>alert(1)</script>", "<img data-xss src=x onerror=alert(1)>", "<svg data-xss onload=alert(1)>", "<svg data-xss/onload=alert(1)//", "<iframe data-xss srcdoc='<script>alert(1)</script>'>",
        "<iframe data-xss src=javascript:alert(1)>", "<body data-xss onload=alert(1)>", "<input data-xss autofocus onfocus=alert(1)>", "<details data-xss open ontoggle=alert(1)>", "<a data-xss href=javascript:alert(1)>x</a>",
        "<a data-xss href=\"java\tscript:alert(1)\">x</a>", "<form data-xss action=javascript:alert(1)><button>x</form>", "<button data-xss formaction=javascript:alert(1)>x", "<object data-xss data=javascript:alert(1)>", "<embed data-xss src=javascript:alert(1)>",
        "<meta data-xss http-equiv=refresh content='0;url=javascript:alert(1)'>", "<base data-xss href=//evil.example/>", "<link data-xss rel=stylesheet href=//evil.example/x.css>", "<style data-xss>*{background:url(//evil.example)}</style>", "<math data-xss><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<video data-xss><source onerror=alert(1)></video>", "<audio data-xss src=x onerror=alert(1)>", "<marquee data-xss onstart=alert(1)>", "<select data-xss autofocus onfocus=alert(1)>", "<textarea data-xss autofocus onfocus=alert(1)>",
        "<template data-xss><script>alert(1)</script></template>", "<noscript><p data-xss title=\"</noscript><img src=x onerror=alert(1)>\">", "<div data-xss hx-get=/panic/on hx-trigger=load>", "<div data-xss data-hx-post=/panic/on data-hx-trigger=load>", "<b data-xss hx-on:load=alert(1)>",
        "<img data-xss src=`x` onerror=alert(1)>", "<img data-xss src=x:x onerror\n=alert(1)>", "<IMG DATA-XSS SRC=X ONERROR=ALERT(1)>", "<img/data-xss/src=x/onerror=alert(1)>", "<img data-xss src=x onerror=alert&lpar;1&rpar;>",
        "＜img data-xss src=x onerror=alert(1)＞", "&lt;img data-xss src=x onerror=alert(1)&gt;", "&#60;img data-xss src=x onerror=alert(1)&#62;", "%3Cimg data-xss src=x onerror=alert(1)%3E", "\\u003cimg data-xss src=x onerror=alert(1)\\u003e",
        "javascript:alert(1)", "data:text/html,<script data-xss>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "<%= alert(1) %>",
        "@{ throw 1; }", "@(Html.Raw(\"<script data-xss>alert(1)</script>\"))", "<!--<img data-xss src=x onerror=alert(1)>-->", "<![CDATA[<img data-xss src=x onerror=alert(1)>]]>", "<?xml-stylesheet href='javascript:alert(1)'?>",
        "\u202e<img data-xss src=x onerror=alert(1)>\u202c", "\u0000<script data-xss>alert(1)</script>", "<scr\u0000ipt data-xss>alert(1)</script>", "<scr<script>ipt data-xss>alert(1)</scr</script>ipt>", "\ud800<img data-xss src=x onerror=alert(1)>",
        "<x data-xss style=animation-name:x onanimationstart=alert(1)>", "<x data-xss contenteditable onblur=alert(1)>", "<svg data-xss><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg data-xss><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'>", "<portal data-xss src=javascript:alert(1)>",
    ];

    // Out of an attribute, a text, a comment, a title.
    private static readonly string[] Wraps = ["{0}", "\">{0}", "' autofocus onfocus=alert(1) data-xss='>{0}", "</bdi></p></title></textarea></script>{0}", "--> ]]> {0} \n data: {0}"];

    private static readonly string[] Hostile = [.. Wraps.SelectMany(wrap => Cores.Select(core => wrap.Replace("{0}", core, StringComparison.Ordinal)))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string RulePath => Path.Combine(house.RulesFolder, RuleFile);

    // JSON is YAML.
    public async ValueTask InitializeAsync() => await File.WriteAllTextAsync(RulePath, JsonSerializer.Serialize(new
    {
        rules = Hostile.Select((text, number) => new { name = $"hostile-{number}", description = text.Replace("\0", "", StringComparison.Ordinal), on = "unfollow", @do = new[] { new { log = "x" } } }),
    }), Token);

    public ValueTask DisposeAsync()
    {
        File.Delete(RulePath);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Nothing_that_strangers_write_does_anything()
    {
        Assert.Equal(300, Hostile.Distinct(StringComparer.Ordinal).Count());
        var watched = await Watched.OpenAsync(house);
        var open = await Watched.OpenAsync(house);
        await open.VisitAsync("/events");
        var before = await NewestAsync(watched.Page);
        await SendAsync();
        await Eventually.HoldsAsync(async () => await NewestAsync(watched.Page) - before >= Hostile.Length, "all have come");
        await open.Page.Locator(".said", new() { HasText = Marked(Hostile.Length - 1) }).WaitForAsync();
        await open.LookAsync();

        var links = new HashSet<string>(StringComparer.Ordinal) { "/", "/attention", "/rules", "/runs", "/settings", "/events/none", "/events?text=" + Uri.EscapeDataString(Hostile[0]) };
        foreach (var list in (string[])["/events", "/runs"])
        {
            for (var path = list; path is not null; path = await watched.Page.Locator("a[rel=next]").CountAsync() > 0 && links.Count < 2_000 ? await watched.Page.GetAttributeAsync("a[rel=next]", "href") : null)
            {
                await watched.VisitAsync(path);
                links.UnionWith(await watched.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main .list a[href]')].map(a => a.getAttribute('href'))"));
            }
        }

        await watched.VisitAsync("/rules");
        links.UnionWith(await watched.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main a[href^=\"/rules/files\"]')].map(a => a.getAttribute('href').split('#')[0])"));
        foreach (var path in links)
        {
            await watched.VisitAsync(path);
        }

        Assert.True(links.Count > 2 * Hostile.Length, $"only {links.Count} pages were looked at");
        Assert.Empty(watched.Complaints.Concat(open.Complaints));
        await watched.Page.Context.CloseAsync();
        await open.Page.Context.CloseAsync();
    }

    private static string Marked(int number) => $"hostile number {number}:";

    private async Task SendAsync()
    {
        using var http = new HttpClient();
        for (var i = 0; i < Hostile.Length; i++)
        {
            // What is put off comes again, as from Misskey.
            while (!await SendAsync(http, Hostile[i], i))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
            }
        }
    }

    private async Task<bool> SendAsync(HttpClient http, string text, int number)
    {
        var body = JsonSerializer.Serialize(new
        {
            server = "https://misskey.example",
            hookId = "xss",
            userId = house.Owner.Id,
            eventId = $"xss-{number}",
            createdAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            type = "mention",
            body = new
            {
                note = new
                {
                    id = $"xss{number}",
                    userId = "stranger",
                    user = new { id = "stranger", username = $"u{text}", name = text, host = $"{text}.example", emojis = new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text } },
                    text = $"@alice {Marked(number)} {text}",
                    cw = (string?)null,
                    visibility = "public",
                    mentions = (string[])[house.Owner.Id],
                    tags = (string[])[text],
                    reactions = new Dictionary<string, int>(StringComparer.Ordinal) { [text] = 1 },
                },
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, house.Hook) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Misskey-Hook-Secret", House.Secret);
        using var answer = await http.SendAsync(request, Token);
        return answer.IsSuccessStatusCode;
    }

    private async Task<long> NewestAsync(IPage page)
    {
        await page.GotoAsync($"{house.Address}/events");
        return await page.Locator("main .list > li").CountAsync() == 0 ? 0 : long.Parse((await page.Locator("main .list > li").First.GetAttributeAsync("id"))!["event-".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A page on which every dialog, every refusal of the content policy, and every foreign element is noted.</summary>
    private sealed class Watched
    {
        private readonly string _address;

        private Watched(IPage page, string address) => (Page, _address) = (page, address);

        public IPage Page { get; }

        public List<string> Complaints { get; } = [];

        public static async Task<Watched> OpenAsync(DashboardHouse house)
        {
            var watched = new Watched(await house.OpenAsync(), house.Address);
            await watched.Page.AddInitScriptAsync("window.violations = []; addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));");
            watched.Page.Dialog += async (_, dialog) =>
            {
                watched.Complaints.Add($"{watched.Page.Url}: a dialog: {dialog.Message}");
                await dialog.DismissAsync();
            };
            watched.Page.Console += (_, message) =>
            {
                if (message.Type is "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
                {
                    watched.Complaints.Add($"{watched.Page.Url}: {message.Text}");
                }
            };
            watched.Page.PageError += (_, error) => watched.Complaints.Add($"{watched.Page.Url}: {error}");
            watched.Page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(house.Address, StringComparison.Ordinal))
                {
                    watched.Complaints.Add($"{watched.Page.Url}: {request.Url} was asked for");
                }
            };
            return watched;
        }

        public async Task VisitAsync(string path)
        {
            await Page.GotoAsync(_address + path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await LookAsync();
        }

        public async Task LookAsync()
        {
            var found = await Page.EvaluateAsync<string[]>("[...window.violations, ...[...document.querySelectorAll('[data-xss], iframe, object, embed, base, style, script:not([src^=\"/assets/\"])')].map(element => element.outerHTML)]");
            Complaints.AddRange(found.Select(what => $"{Page.Url}: {what}"));
        }
    }
}
