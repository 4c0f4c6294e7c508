using Microsoft.Playwright;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>Recipes read, filled in and added in a browser.</summary>
[Collection(DashboardHouse.Name)]
public sealed class RecipePagesTests(DashboardHouse house) : IAsyncLifetime
{
    private const string Recipe = "follow-back-and-thank";

    private IPage _page = null!;

    private string Path => System.IO.Path.Combine(house.RulesFolder, $"{Recipe}.yaml");

    public async ValueTask InitializeAsync()
    {
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/recipes");
        await _page.ClickAsync($"a[href='/recipes/{Recipe}']");
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        File.Delete(Path);
    }

    [Theory]
    [InlineData("en", false, false)]
    [InlineData("ja", true, true)]
    public async Task A_value_that_does_not_fit_is_told_beside_its_field(string language, bool isDark, bool isPhone)
    {
        var looks = new Looks(language, isDark, isPhone);
        var page = await house.OpenAsync(looks);
        await page.GotoAsync(_page.Url);
        await PagesTests.LooksWellAsync(page, looks, "recipe");
        await page.FillAsync("[name=value-fewest_notes]", "many");

        await page.ClickAsync("button.primary");

        Assert.Contains("many", await page.InnerTextAsync(".flaw"), StringComparison.Ordinal);
        Assert.Equal("many", await page.InputValueAsync("[name=value-fewest_notes]"));
        Assert.False(File.Exists(Path));
        await PagesTests.LooksWellAsync(page, looks, "recipe-refused");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_file_is_shown_with_the_values_before_it_is_added()
    {
        await _page.FillAsync("[name=value-fewest_notes]", "7");

        await _page.ClickAsync("button[formaction$='/look']");

        Assert.Contains("fewest_notes: 7 ", await _page.InnerTextAsync(".listing"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
        await _page.ClickAsync("button.primary");
        Assert.EndsWith("?told=added", _page.Url, StringComparison.Ordinal);
        Assert.Contains("fewest_notes: 7 ", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await _page.ClickAsync(".note.good a");
        Assert.Contains($"{Recipe}.yaml", await _page.InnerTextAsync("h1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten()
    {
        await File.WriteAllTextAsync(Path, "rules: []\n", TestContext.Current.CancellationToken);

        await _page.ClickAsync("button.primary");

        Assert.Contains("already; nothing was changed", await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        Assert.Equal("rules: []\n", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Values_with_which_its_tests_fail_are_told_so()
    {
        await _page.FillAsync("[name=value-fewest_notes]", "100000");

        await _page.ClickAsync("button[formaction$='/look']");

        Assert.Contains("tests at the end of the file fail", await _page.InnerTextAsync(".note.warn"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipe_that_there_is_not_is_no_page() => Assert.Equal(404, (await _page.GotoAsync($"{house.Address}/recipes/../rules.yaml%2f"))!.Status);
}
