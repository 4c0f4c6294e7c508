using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>The sandbox as a process, and a person who plays other people on its page.</summary>
[Collection(DashboardHouse.Name)]
public sealed partial class SandboxPageTests(DashboardHouse house) : IAsyncLifetime
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            when: contains(note.said, 'marco')
            do:
              - reply: polo
        """;

    private readonly TemporaryFolder _folder = new();
    private ProgramRun _program = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _folder.Write("rules/pong.yaml", Rules);
        _program = ProgramRun.Start(_folder.Path, null, "sandbox", "--rules", "rules");
        await Eventually.HoldsAsync(() => _program.HasExited || Link.IsMatch(_program.Output), "the link is printed");
        Assert.False(_program.HasExited, _program.Error);
        Assert.Contains("its page Sandbox", _program.Output, StringComparison.Ordinal);
        _address = new Uri(Link.Match(_program.Output).Value).GetLeftPart(UriPartial.Authority);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("en", false, false, true)]
    [InlineData("ja", true, true, true)]
    [InlineData("en", false, false, false)]
    public async Task What_somebody_does_stands_beside_what_the_rules_answer(string language, bool isDark, bool isPhone, bool hasScript)
    {
        var looks = new Looks(language, isDark, isPhone, hasScript);
        var page = await OpenAsync(looks);
        await page.FillAsync("#username", "dave");
        await page.ClickAsync("form[action='/sandbox/people'] button");
        await page.ClickAsync("form[action='/sandbox/quiet'] button");
        await page.SelectOptionAsync("#who", "dave");
        await page.SelectOptionAsync("#deed", "Mention");
        await page.FillAsync("#text", "marco!");

        await page.ClickAsync("button.primary");

        Assert.Contains("marco!", await page.InnerTextAsync("[aria-labelledby=acts]"), StringComparison.Ordinal);
        if (!hasScript)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    await page.GotoAsync($"{_address}/sandbox");
                    return (await page.InnerTextAsync("[aria-labelledby=answers]")).Contains("polo", StringComparison.Ordinal);
                },
                "the rule answers");
            await page.Context.CloseAsync();
            return;
        }

        await Eventually.HoldsAsync(async () => (await page.InnerTextAsync("[aria-labelledby=answers]")).Contains("polo", StringComparison.Ordinal), "the rule answers");
        await PagesTests.LooksWellAsync(page, looks, "sandbox");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Whoever_reads_why_goes_on_reading_when_there_is_news()
    {
        var page = await OpenAsync(new());
        var other = await page.Context.NewPageAsync();
        await page.ClickAsync("form[action='/sandbox/quiet'] button");
        await MentionAsync(page, "hello");
        await page.ClickAsync("details[id^='why-'] summary");

        await other.GotoAsync($"{_address}/sandbox");
        await MentionAsync(other, "marco");
        await page.Locator("[aria-labelledby=answers]", new() { HasText = "polo" }).WaitForAsync();

        Assert.Equal(1, await page.Locator("details[open]").CountAsync());
        Assert.Contains("pong", await page.InnerTextAsync("details[open] li"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Every_deed_is_done_and_what_cannot_be_is_told()
    {
        var page = await OpenAsync(new());
        await page.ClickAsync("form[action='/sandbox/quiet'] button");
        await page.FillAsync("#own", "a note of mine");
        await page.ClickAsync("form[action='/sandbox/post'] button");
        foreach (var (deed, text) in ((string, string)[])
            [("Follow", ""), ("Follow", ""), ("Reply", "hm"), ("React", "👍"), ("Renote", ""), ("Quote", "see"), ("Message", "psst"), ("Unfollow", "")])
        {
            await page.SelectOptionAsync("#who", "sakura");
            await page.SelectOptionAsync("#deed", deed);
            await page.FillAsync("#text", text);
            await page.ClickAsync("button.primary");
            Assert.Equal(0, await page.Locator("[role=alert]").CountAsync());
        }

        var acts = await page.InnerTextAsync("[aria-labelledby=acts]");
        Assert.All(
            (string[])["followed @alice", "refused: ALREADY_FOLLOWING", "replied to @alice", "reacted to @alice", "renoted @alice", "quoted @alice", "sent a direct note to @alice", "unfollowed @alice", "a note of mine"],
            words => Assert.Contains(words, acts, StringComparison.Ordinal));
        await page.SelectOptionAsync("#deed", "Mention");
        await page.FillAsync("#text", " ");
        await page.ClickAsync("button.primary");
        Assert.Contains("Write what is said.", await page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        await page.FillAsync("#username", "two words");
        await page.ClickAsync("form[action='/sandbox/people'] button");
        Assert.Contains("'two words' is no username.", await page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Elsewhere_there_is_no_such_page()
    {
        var page = await house.OpenAsync();

        Assert.Equal(404, (await page.GotoAsync($"{house.Address}/sandbox"))!.Status);
        await page.Context.CloseAsync();
    }

    private static async Task MentionAsync(IPage page, string text)
    {
        await page.SelectOptionAsync("#deed", "Mention");
        await page.FillAsync("#text", text);
        await page.ClickAsync("button.primary");
    }

    private async Task<IPage> OpenAsync(Looks looks)
    {
        var page = await house.OpenAsStrangerAsync(looks);
        await page.GotoAsync(Link.Match(_program.Output).Value);
        await page.ClickAsync("button[type=submit]");
        await page.GotoAsync($"{_address}/sandbox");
        return page;
    }

    [GeneratedRegex(@"http://[^\s]+/sign-in/link/\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link { get; }
}
