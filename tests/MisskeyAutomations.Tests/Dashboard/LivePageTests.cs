using Microsoft.Playwright;

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
