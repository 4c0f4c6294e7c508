using Microsoft.Playwright;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>Another passphrase, in a browser. The house is its own: passphrases may be tried five times a minute, and others sign in as well.</summary>
public sealed class PassphraseChangeTests(DashboardHouse house) : IClassFixture<DashboardHouse>, IAsyncLifetime
{
    private const string Another = "other words to keep";

    private IPage _page = null!;

    public async ValueTask InitializeAsync()
    {
        _page = await house.OpenAsync();
        await _page.GotoAsync($"{house.Address}/settings");
    }

    public async ValueTask DisposeAsync() => await _page.Context.CloseAsync();

    [Fact]
    public async Task Another_passphrase_needs_the_present_one_and_signs_the_others_out()
    {
        var other = await house.OpenAsStrangerAsync();
        await other.GotoAsync(await house.MakeLinkAsync());
        await other.ClickAsync("button[type=submit]");
        await ChangeAsync("not the passphrase", Another);
        Assert.Contains("not the present passphrase", await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        await ChangeAsync(DashboardHouse.Passphrase, "short");
        Assert.Contains("too short", await _page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);

        await ChangeAsync(DashboardHouse.Passphrase, Another);

        Assert.Contains("The passphrase was changed", await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        await other.GotoAsync($"{house.Address}/settings");
        Assert.Contains("/sign-in", other.Url, StringComparison.Ordinal);
        await other.FillAsync("input[type=password]", Another);
        await other.ClickAsync("button[type=submit]");
        await other.Locator("h1", new() { HasText = "Settings" }).WaitForAsync();
        await _page.ReloadAsync();
        await _page.ClickAsync("form[action='/settings/sessions/end-others'] button");
        Assert.Contains("Nobody else", await _page.InnerTextAsync(".note.good"), StringComparison.Ordinal);
        await other.GotoAsync($"{house.Address}/settings");
        Assert.Contains("/sign-in", other.Url, StringComparison.Ordinal);
        await other.Context.CloseAsync();
    }

    private async Task ChangeAsync(string current, string passphrase)
    {
        await _page.ClickAsync("summary");
        await _page.FillAsync("#current", current);
        await _page.FillAsync("#passphrase", passphrase);
        await _page.FillAsync("#again", passphrase);
        await _page.ClickAsync("form[action='/settings/passphrase'] button");
    }
}
