using System.Net;
using Microsoft.Playwright;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>What is set on the settings page, in a browser.</summary>
[Collection(DashboardHouse.Name)]
public sealed class SettingsPageTests(DashboardHouse house) : IAsyncLifetime
{
    private IPage _page = null!;

    public async ValueTask InitializeAsync()
    {
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/settings");
    }

    public async ValueTask DisposeAsync() => await _page.Context.CloseAsync();

    [Fact]
    public async Task A_key_of_the_API_is_shown_once_taken_and_removed()
    {
        await _page.FillAsync("#key-name", "laptop");
        await _page.CheckAsync("[name=readOnly]");

        await _page.ClickAsync("form[action='/settings/keys'] button");

        var key = await _page.InnerTextAsync(".note.good code");
        await PagesTests.LooksWellAsync(_page, new(), "settings-key");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(key));
        await _page.GotoAsync($"{house.Address}/settings");
        Assert.DoesNotContain(key, await _page.ContentAsync(), StringComparison.Ordinal);
        await _page.FillAsync("#key-name", "laptop");
        await _page.ClickAsync("form[action='/settings/keys'] button");
        Assert.Contains("There is a key 'laptop' already", await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        await _page.ClickAsync("details.sure summary");
        await _page.ClickAsync("form[action='/settings/keys/remove'] button");
        Assert.Contains("not taken any more", await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(key));
    }

    [Fact]
    public async Task A_key_that_was_not_made_is_still_as_it_was_meant()
    {
        await _page.FillAsync("#key-name", "grafana board");
        await _page.CheckAsync("[name=readOnly]");

        await _page.ClickAsync("form[action='/settings/keys'] button");

        Assert.Contains("'grafana board' is no name", await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        Assert.Equal("grafana board", await _page.InputValueAsync("#key-name"));
        Assert.True(await _page.IsCheckedAsync("[name=readOnly]"));
    }

    [Fact]
    public async Task A_backup_is_made_now()
    {
        await _page.ClickAsync("form[action='/settings/backup'] button");

        Assert.Contains("made and verified", await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(house.Data, "backups"), "automations-*.db"));
    }

    [Fact]
    public async Task What_the_configuration_says_is_shown_without_secrets()
    {
        var text = await _page.InnerTextAsync("[aria-labelledby=configured]");

        Assert.Contains("retention: records", text, StringComparison.Ordinal);
        Assert.Contains(house.Address, text, StringComparison.Ordinal);
        Assert.DoesNotContain(house.Owner.Token, await _page.ContentAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> AskAsync(string key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{house.Address}/api/v1/overview") { Headers = { Authorization = new("Bearer", key) } };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
