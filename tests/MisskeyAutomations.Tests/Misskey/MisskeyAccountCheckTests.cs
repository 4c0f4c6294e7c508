using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class MisskeyAccountCheckTests
{
    [Fact]
    public async Task An_account_learns_who_it_is_and_how_long_its_notes_may_be()
    {
        await using var server = RawServer.Start(RawServer.ByPath(path => RawServer.Json(200, path == "i"
            ? """{"id":"me1","username":"robo"}""" : """{"maxNoteTextLength":500}""")));
        await using var rig = new MisskeyRig(server.Address);
        var check = rig.Get<MisskeyAccountCheck>();
        Assert.Equal(3000, check["main"].MaxNoteLength);

        var pause = await check.CheckAsync("main", attempt: 0, TestContext.Current.CancellationToken);

        Assert.Null(pause);
        Assert.Equal("me1", rig.Get<AccountDirectory>().UserIdOf("main"));
        Assert.Equal(new AccountFacts { Username = "robo", MaxNoteLength = 500 }, check["main"]);
        Assert.Contains(rig.Log.Lines, line => line.Contains("Account main acts as @robo; its notes may have 500 characters.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_down_is_asked_again_ever_more_patiently_until_it_is_up()
    {
        await using var server = RawServer.Start(RawServer.Answer(502, ""));
        await using var rig = new MisskeyRig(server.Address);
        var check = rig.Get<MisskeyAccountCheck>();

        var pauses = new List<double?>();
        for (var attempt = 0; attempt < 9; attempt++)
        {
            pauses.Add((await check.CheckAsync("main", attempt, TestContext.Current.CancellationToken))?.TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300, 300], pauses);
        Assert.Null(rig.Get<AccountDirectory>().UserIdOf("main"));
    }

    [Fact]
    public async Task A_revoked_token_is_told_and_tried_again_every_ten_minutes()
    {
        await using var server = RawServer.Start(RawServer.Json(401, """{"error":{"code":"AUTHENTICATION_FAILED","id":"b0a7f5f8-dc2f-4171-b91f-de88ad238e14"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var told = new List<string>();
        rig.Get<LiveFeed>().Paused += (_, reason) => told.Add(reason);

        var pause = await rig.Get<MisskeyAccountCheck>().CheckAsync("main", attempt: 0, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromMinutes(10), pause);
        Assert.Contains("Make a new one in Misskey under Settings > API.", Assert.Single(told), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_token_of_another_user_than_the_webhooks_is_an_error()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """{"id":"me2","username":"other"}"""));
        await using var rig = new MisskeyRig(server.Address);
        rig.Get<AccountDirectory>().Learn("main", "me1");

        await rig.Get<MisskeyAccountCheck>().CheckAsync("main", attempt: 0, TestContext.Current.CancellationToken);

        Assert.Contains(rig.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("@other (user me2), but a webhook of user me1", StringComparison.Ordinal));
        Assert.Equal("me2", rig.Get<AccountDirectory>().UserIdOf("main"));
        Assert.False(rig.Get<AccountDirectory>().Learn("main", "me1"));
    }

    [Fact]
    public async Task It_runs_by_itself_and_recovers()
    {
        await using var server = RawServer.Start(RawServer.Answer(502, ""));
        await using var rig = new MisskeyRig(server.Address);
        var check = rig.Get<MisskeyAccountCheck>();

        await check.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => rig.Log.Lines.Any(line => line.Contains("could not be checked", StringComparison.Ordinal)));
        server.Behave(RawServer.Json(200, """{"id":"me1","username":"robo"}"""));
        await UntilAsync(() =>
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            return check["main"].Username == "robo";
        });

        await check.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("me1", rig.Get<AccountDirectory>().UserIdOf("main"));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
