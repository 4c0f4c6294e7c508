using MisskeyAutomations.Engine.Actions;

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
            await rig.SendAsync();
        }

        Assert.Equal(Enumerable.Repeat("/api/notes/create", 12), server.Paths, StringComparer.Ordinal);
    }
}
