using Microsoft.Extensions.Hosting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class BreakerTests
{
    /// <summary>The request that tries whether a server is back must be one that may be lost or doubled.</summary>
    [Fact]
    public async Task A_server_that_keeps_failing_is_left_alone_and_then_asked_for_a_ping_first()
    {
        await using var server = RawServer.Start(RawServer.Answer(503, ""));
        await using var rig = new MisskeyRig(server.Address);
        for (var call = 0; call < 5; call++)
        {
            Assert.IsType<ActionOutcome.Uncertain>(await rig.SendAsync());
        }

        Assert.IsType<ActionOutcome.NotSent>(await rig.SendAsync());
        Assert.Equal(5, server.Requests.Count);

        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<ActionOutcome.NotSent>(await rig.SendAsync());
        Assert.Equal(["/api/ping"], server.Paths.Skip(5), StringComparer.Ordinal);

        server.Behave(RawServer.Json(200, """{"pong":1}"""));
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<ActionOutcome.Done>(await rig.SendAsync());
        Assert.IsType<ActionOutcome.Done>(await rig.SendAsync());
        Assert.Equal(["/api/ping", "/api/notes/create", "/api/notes/create"], server.Paths.Skip(6), StringComparer.Ordinal);
    }

    /// <summary>Nobody waits for the next try of a run, which may be minutes away.</summary>
    [Fact]
    public async Task A_server_left_alone_is_asked_once_in_half_a_minute_and_its_return_is_told()
    {
        await using var server = RawServer.Start(RawServer.Answer(502, "<html>", "Content-Type: text/html"));
        await using var rig = new MisskeyRig(server.Address);
        var told = new List<string>();
        rig.Get<LiveFeed>().Lost += _ => told.Add("lost");
        rig.Get<LiveFeed>().FoundAgain += _ => told.Add("found");
        var watch = rig.Get<IEnumerable<IHostedService>>().OfType<DoubtfulServers>().Single();
        await watch.StartAsync(TestContext.Current.CancellationToken);
        for (var call = 0; call < 5; call++)
        {
            await rig.SendAsync();
        }

        await PassAsync(rig, seconds: 600);
        var whileDown = server.Paths.Skip(5).ToArray();
        server.Behave(RawServer.Json(200, """{"pong":1}"""));
        await PassAsync(rig, seconds: 35);
        await EndToEnd.Eventually.HoldsAsync(() => told.Count == 2, "its return is told");

        Assert.All(whileDown, path => Assert.Equal("/api/ping", path));
        Assert.InRange(whileDown.Length, 5, 20);
        Assert.Equal(["lost", "found"], told);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_server_that_is_silent_keeps_nobody_from_finding_out_about_another()
    {
        await using var silent = RawServer.Start(RawServer.Answer(503, ""));
        await using var other = RawServer.Start(RawServer.Answer(503, ""));
        await using var rig = new MisskeyRig(silent.Address, second: other.Address);
        var isBack = false;
        rig.Get<LiveFeed>().FoundAgain += _ => isBack = true;
        var watch = rig.Get<IEnumerable<IHostedService>>().OfType<DoubtfulServers>().Single();
        await watch.StartAsync(TestContext.Current.CancellationToken);
        for (var call = 0; call < 5; call++)
        {
            await rig.SendAsync();
            await rig.SendAsync(account: "second");
        }

        var isAsked = new TaskCompletionSource();
        silent.Behave(RawServer.Silence(isAsked));
        other.Behave(RawServer.Json(200, """{"pong":1}"""));
        await PassUntilAsync(rig, () => isAsked.Task.IsCompleted, atMost: TimeSpan.FromHours(1), "the silent one is asked");

        // It is given up after 30 s.
        await PassUntilAsync(rig, () => isBack, atMost: TimeSpan.FromSeconds(20), "the return of the other is told");
        await watch.StopAsync(CancellationToken.None);
    }

    private static Task PassUntilAsync(MisskeyRig rig, Func<bool> condition, TimeSpan atMost, string what)
    {
        var second = TimeSpan.FromSeconds(1);
        return Eventually.HoldsAsync(
            () =>
            {
                if (!condition() && (atMost -= second) >= TimeSpan.Zero)
                {
                    rig.Clock.Advance(second);
                }

                return condition();
            },
            what);
    }

    private static async Task PassAsync(MisskeyRig rig, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Else one account that is asked for patience would stop all others on its server.</summary>
    [Theory]
    [InlineData(429, """{"error":{"code":"RATE_LIMIT_EXCEEDED","id":"d5826d14-3982-4d2e-8011-b9e9f02499ef"}}""")]
    [InlineData(400, """{"error":{"code":"NO_SUCH_NOTE","id":"x"}}""")]
    [InlineData(500, """{"error":{"code":"INTERNAL_ERROR","id":"x"}}""")]
    public async Task Answers_of_a_living_server_do_not_open_the_breaker(int status, string body)
    {
        await using var server = RawServer.Start(RawServer.Json(status, body));
        await using var rig = new MisskeyRig(server.Address);

        for (var call = 0; call < 12; call++)
        {
            await rig.SendAsync($"notes/create{call}");
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(call => $"/api/notes/create{call}"), server.Paths, StringComparer.Ordinal);
    }
}
