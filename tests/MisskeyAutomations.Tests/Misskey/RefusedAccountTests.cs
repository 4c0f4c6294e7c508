using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class RefusedAccountTests
{
    [Theory]
    [InlineData(401, "AUTHENTICATION_FAILED")]
    [InlineData(401, "CREDENTIAL_REQUIRED")]
    [InlineData(403, "YOUR_ACCOUNT_SUSPENDED")]
    [InlineData(403, "YOUR_ACCOUNT_MOVED")]
    public async Task Whatever_meets_the_refusal_first_nothing_more_is_asked_but_once_in_ten_minutes(int status, string code)
    {
        await using var server = RawServer.Start(RawServer.Json(status, $$$"""{"error":{"code":"{{{code}}}","id":"x"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var told = new List<string>();
        rig.Get<LiveFeed>().Paused += (_, reason) => told.Add(reason);
        await rig.SendAsync("users/show");

        Assert.IsType<ActionOutcome.AccountRefused>(await rig.SendAsync("notes/create"));
        Assert.NotNull(await rig.Get<MisskeyAccountCheck>().CheckAsync("main", 0, TestContext.Current.CancellationToken));
        Assert.NotNull(await rig.Get<MutedPeopleSync>().SyncAsync("main", 0, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
        var paused = rig.Get<PausedAccounts>();
        await paused.StartAsync(TestContext.Current.CancellationToken);
        for (var probe = 1; probe <= 6; probe++)
        {
            await rig.PassAsync(TimeSpan.FromMinutes(9));
            Assert.Equal(probe, server.Requests.Count);
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await Eventually(() => server.Requests.Count == probe + 1);
        }

        await paused.StopAsync(CancellationToken.None);
        Assert.Equal(["/api/users/show", .. Enumerable.Repeat("/api/i", 6)], server.Paths);
        Assert.Single(told);
        Assert.DoesNotContain(rig.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_that_is_taken_again_goes_on()
    {
        await using var server = RawServer.Start(RawServer.Json(403, """{"error":{"code":"YOUR_ACCOUNT_SUSPENDED","id":"x"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var resumed = new List<string>();
        rig.Get<LiveFeed>().Resumed += resumed.Add;
        await rig.SendAsync();

        await rig.Get<PausedAccounts>().AskAsync(TestContext.Current.CancellationToken);
        Assert.Empty(resumed);
        server.Behave(RawServer.Json(200, """{"id":"me"}"""));
        await rig.Get<PausedAccounts>().AskAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["main"], resumed);
        Assert.IsType<ActionOutcome.Done>(await rig.SendAsync());
    }

    private static async Task Eventually(Func<bool> condition) => await EndToEnd.Eventually.HoldsAsync(condition, "the question came");
}
