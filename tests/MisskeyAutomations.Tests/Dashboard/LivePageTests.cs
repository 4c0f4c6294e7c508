using Microsoft.Playwright;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>An open page that keeps itself up to date, in a browser.</summary>
[Collection(DashboardHouse.Name)]
public sealed class LivePageTests(DashboardHouse house)
{
    [Fact]
    public async Task An_event_appears_on_the_open_page_and_what_became_of_it_follows()
    {
        var page = await house.OpenAsync();
        await page.GotoAsync($"{house.Address}/events?type=mention&text=kingfisher");
        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("Updates by itself");

        house.World.Post(house.Bob, "@alice a kingfisher, the first");
        await page.Locator(".said", new() { HasText = "the first" }).WaitForAsync();
        house.World.Post(house.Bob, "@alice a kingfisher, the second");
        await page.Locator(".said", new() { HasText = "the second" }).WaitForAsync();
        await page.Locator("li .tag.good").Nth(1).WaitForAsync();

        Assert.Contains("the second", await page.Locator("li .said").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("main .list > li").CountAsync());
        Assert.Equal(0, await page.Locator("[data-live-empty]").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_overview_tells_that_somebody_else_has_stopped_everything()
    {
        var (page, other) = (await house.OpenAsync(), await house.OpenAsync());
        await page.GotoAsync($"{house.Address}/");
        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("Updates by itself");

        await other.GotoAsync($"{house.Address}/");
        await other.ClickAsync("form[action='/panic/on'] button");

        await page.Locator("form[action='/panic/off'] button").WaitForAsync();
        Assert.Contains("Everything is stopped", await page.InnerTextAsync("#status"), StringComparison.Ordinal);
        await page.ClickAsync("form[action='/panic/off'] button");
        await other.Locator("form[action='/panic/on'] button").WaitForAsync();
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Fact]
    public async Task What_somebody_is_about_to_follow_is_brought_up_to_date_once_they_leave_it()
    {
        var (page, number, told) = (await house.OpenAsync(), 1, 0);
        await page.RouteAsync("**/live?*", async route =>
        {
            await route.FulfillAsync(new()
            {
                ContentType = "text/event-stream",
                Body = $"retry: 100\nevent: parts\ndata: <p id=\"figures\"><a href=\"/runs\">number {number}</a></p>\n\n",
            });
            told++;
        });
        await page.GotoAsync($"{house.Address}/");
        await page.Locator("#figures a", new() { HasText = "number 1" }).FocusAsync();

        number = 2;
        var before = told;
        await Eventually.HoldsAsync(() => told > before + 2, "more was told");
        Assert.Equal("number 1", await page.InnerTextAsync("#figures"));
        await page.EvaluateAsync("document.activeElement.blur()");

        Assert.Equal("number 2", await page.InnerTextAsync("#figures"));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_page_goes_on_after_a_proxy_had_no_engine_to_ask(int status)
    {
        var (page, asked) = (await house.OpenAsync(), 0);
        await page.Clock.InstallAsync();
        await page.RouteAsync("**/live?*", route => ++asked == 1 ? route.FulfillAsync(new() { Status = status }) : route.ContinueAsync());
        await page.GotoAsync($"{house.Address}/");
        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("The engine does not answer; it is tried again");

        await page.Clock.FastForwardAsync(30_000);

        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("Updates by itself");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task It_stands_still_when_it_is_told_to()
    {
        var page = await house.OpenAsync();
        await page.GotoAsync($"{house.Address}/events?type=mention&text=cormorant");
        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("Updates by itself");
        await page.CheckAsync("[data-live-pause]");
        await Assertions.Expect(page.Locator("[data-live-status]")).ToHaveTextAsync("Stands still");

        house.World.Post(house.Bob, "@alice a cormorant");
        await page.WaitForTimeoutAsync(3_000);
        var whileStill = await page.Locator("main .list > li").CountAsync();
        await page.UncheckAsync("[data-live-pause]");
        await page.Locator(".said", new() { HasText = "a cormorant" }).WaitForAsync();

        Assert.Equal(0, whileStill);
        await page.Context.CloseAsync();
    }
}
