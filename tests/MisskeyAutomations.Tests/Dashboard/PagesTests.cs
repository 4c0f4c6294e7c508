using Microsoft.Playwright;
using MisskeyAutomations.Dashboard.Pages;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>
/// Every page of the navigation, in both languages, light and dark, on a phone and a wide screen. <c>MKA_SCREENSHOTS=FOLDER</c> keeps pictures of them.
/// </summary>
[Collection(DashboardHouse.Name)]
public sealed class PagesTests(DashboardHouse house)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("MKA_SCREENSHOTS");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool, bool> PagesAndLooks()
    {
        var data = new TheoryData<string, string, bool, bool>();
        foreach (var path in Navigation.Entries.Where(entry => !entry.IsOfSandbox).Select(entry => entry.Path))
        {
            foreach (var looks in Looks.All)
            {
                data.Add(path, looks.Language, looks.IsDark, looks.IsPhone);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PagesAndLooks))]
    public async Task A_page_can_be_used_by_everybody(string path, string language, bool isDark, bool isPhone)
    {
        var looks = new Looks(language, isDark, isPhone);
        var page = await house.OpenAsync(looks);
        var complaints = ComplaintsOf(page);

        var answer = await page.GotoAsync(house.Address + path);

        Assert.Equal(200, answer!.Status);
        await LooksWellAsync(page, looks, path.Trim('/') is { Length: > 0 } name ? name.Replace('/', '-') : "overview");
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", false, false)]
    [InlineData("ja", true, true)]
    public async Task The_sign_in_can_be_used_by_everybody(string language, bool isDark, bool isPhone)
    {
        var looks = new Looks(language, isDark, isPhone);
        var page = await house.OpenAsStrangerAsync(looks);
        var complaints = ComplaintsOf(page);

        await page.GotoAsync($"{house.Address}/settings");

        Assert.Equal($"{house.Address}/sign-in?next=%2Fsettings", page.Url);
        await LooksWellAsync(page, looks, "sign-in");
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    internal static async Task LooksWellAsync(IPage page, Looks looks, string name)
    {
        if (Pictures is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{looks}.png"), FullPage = true });
        }

        Assert.Equal(looks.Language, await page.GetAttributeAsync("html", "lang"));
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        Assert.Empty(await Axe.JudgeAsync(page, Token));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the screen.");
    }

    // What the browser refuses, such as by the content policy, it says here.
    private static List<string> ComplaintsOf(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }
}
