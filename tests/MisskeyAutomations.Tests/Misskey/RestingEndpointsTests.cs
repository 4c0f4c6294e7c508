using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>Misskey counts calls that it refuses, so that whoever comes too early is kept out for longer.</summary>
public sealed class RestingEndpointsTests
{
    private const string TooMany = """{"error":{"code":"RATE_LIMIT_EXCEEDED","id":"d5826d14-3982-4d2e-8011-b9e9f02499ef"}}""";

    [Fact]
    public async Task Nobody_calls_before_the_deadline_and_other_endpoints_go_on()
    {
        await using var server = RawServer.Start(RawServer.ByPath(endpoint => endpoint == "users/show" ? RawServer.Json(429, TooMany, "Retry-After: 40") : RawServer.Json(200, "{}")));
        await using var rig = new MisskeyRig(server.Address);

        var first = await rig.SendAsync("users/show");
        rig.Clock.Advance(TimeSpan.FromSeconds(39));
        var early = await rig.SendAsync("users/show");
        var other = await rig.SendAsync("notes/create");
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.SendAsync("users/show");

        Assert.Equal(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(40)), first);
        Assert.Equal(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(1)), early);
        Assert.IsType<ActionOutcome.Done>(other);
        Assert.Equal(["/api/users/show", "/api/notes/create", "/api/users/show"], server.Paths);
    }

    [Fact]
    public async Task After_the_rest_calls_go_one_by_one()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = RawServer.Start(RawServer.Json(429, TooMany, "Retry-After: 5"));
        await using var rig = new MisskeyRig(server.Address);
        await rig.SendAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(5));
        server.Behave(RawServer.Silence(hasRead));

        var alone = rig.SendAsync();
        await hasRead.Task;
        var second = rig.SendAsync();
        await Eventually.HoldsAsync(() => second.IsCompleted || server.Requests.Count > 2, "the second is told to wait, or sent");
        Assert.True(second.IsCompleted, "two calls went out at once");
        var meanwhile = await second;
        rig.Clock.Advance(MisskeySender.Patience);
        await alone;
        server.Behave(RawServer.Json(200, "{}"));
        var next = await rig.SendAsync();

        Assert.Equal(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(1)), meanwhile);
        Assert.IsType<ActionOutcome.Done>(next);
    }

    [Fact]
    public async Task Of_what_the_server_allows_nearly_all_is_used_and_hardly_anything_refused()
    {
        var clock = new WatchedClock(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = clock }, TestContext.Current.CancellationToken);
        await using var rig = new MisskeyRig(sandbox.Url, sandbox.World.AddAccount("alice").Token, clock);
        var begin = clock.GetUtcNow();

        while (clock.GetUtcNow() - begin < TimeSpan.FromHours(5))
        {
            // Whoever does not heed a refusal would go on for hours, refused ever again.
            Assert.InRange(sandbox.World.Calls.Count(call => call.Status == 429), 0, 60);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => rig.SendAsync(body: $$"""{"text":"{{number}}"}""")));
            clock.Advance(outcomes.OfType<ActionOutcome.RateLimited>().Select(limited => limited.RetryAfter).DefaultIfEmpty(TimeSpan.FromSeconds(1)).Min());
        }

        var calls = sandbox.World.Calls.Where(call => call.Endpoint == "notes/create").ToArray();
        Assert.InRange(calls.Count(call => call.Status == 200), (int)(5 * 300 * 0.95), 5 * 300 + 300);
        Assert.InRange(calls.Count(call => call.Status == 429), 1, 60);
    }
}
