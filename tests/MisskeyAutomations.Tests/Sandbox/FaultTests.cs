using System.Net.Http.Headers;
using MisskeyAutomations.Sandbox.Faults;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Injected faults: what the caller sees and whether the call happened.</summary>
public sealed class FaultTests
{
    private const string Hello = """{"text":"hello"}""";

    [Fact]
    public async Task An_injected_refusal_hits_the_next_calls_of_the_endpoint_only_and_does_not_execute()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("notes/create", Fault.RefuseWith(503, "SERVICE_UNAVAILABLE"), times: 2);

        var other = await stage.CallAsync(stage.Alice, "ping");
        var first = await stage.CallAsync(stage.Alice, "notes/create", Hello);
        var second = await stage.CallAsync(stage.Alice, "notes/create", Hello);
        var third = await stage.CallAsync(stage.Alice, "notes/create", Hello);

        Assert.Equal([200, 503, 503, 200], new[] { other, first, second, third }.Select(answer => answer.Status));
        Assert.Equal("SERVICE_UNAVAILABLE", first.Code);
        Assert.Single(stage.World.NotesOf(stage.Alice));
    }

    [Fact]
    public async Task An_injected_refusal_that_the_endpoint_knows_has_its_real_id()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("following/*", Fault.RefuseWith(400, "BLOCKED"));

        var answer = await stage.CallAsync(stage.Alice, "following/create", $$"""{"userId":"{{stage.Bob.Id}}"}""");

        Assert.Equal("c4ab57cc-4e41-45e9-bfd9-584f61e35ce0", answer.Error.GetProperty("id").GetString());
        Assert.False(stage.World.IsFollowing(stage.Alice, stage.Bob));
    }

    [Fact]
    public async Task A_call_can_be_executed_and_then_answered_with_500()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("*", Fault.ExecuteThen500);

        var answer = await stage.CallAsync(stage.Alice, "notes/create", Hello);

        Assert.Equal(500, answer.Status);
        Assert.Equal("INTERNAL_ERROR", answer.Code);
        Assert.Single(stage.World.NotesOf(stage.Alice));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_can_be_cut_after_or_before_executing(bool after)
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("*", after ? Fault.ExecuteThenReset : Fault.ResetBefore);

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.CallAsync(stage.Alice, "notes/create", Hello));

        Assert.Equal(after ? 1 : 0, stage.World.NotesOf(stage.Alice).Count);
        var call = Assert.Single(stage.World.Calls);
        Assert.Equal((0, "RESET"), (call.Status, call.ErrorCode));
    }

    [Fact]
    public async Task A_parked_call_is_cut_off_at_once_and_executed_later()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("notes/create", Fault.ResetThenExecute(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, stage.Server.FaultsLeft);

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.CallAsync(stage.Alice, "notes/create", Hello));
        Assert.Equal((0, 1), (stage.Server.FaultsLeft, stage.Server.CallsParked));
        Assert.Empty(stage.World.NotesOf(stage.Alice));

        await EndToEnd.Eventually.HoldsAsync(
            () =>
            {
                stage.Time.Advance(TimeSpan.FromSeconds(30));
                return stage.Server.CallsParked == 0;
            },
            "it is executed");
        Assert.Equal("hello", Assert.Single(stage.World.NotesOf(stage.Alice)).Text);
    }

    [Fact]
    public async Task A_delayed_call_waits_for_the_sandboxs_clock()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("*", Fault.Delay(TimeSpan.FromSeconds(30)));
        var start = stage.Time.GetUtcNow();

        var call = stage.CallAsync(stage.Alice, "notes/create", Hello);
        while (!call.IsCompleted)
        {
            stage.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(200, (await call).Status);
        Assert.True(stage.World.NotesOf(stage.Alice)[0].CreatedAt >= start + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_black_hole_never_answers_and_does_not_execute()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("*", Fault.BlackHole);
        var recorded = new TaskCompletionSource();
        stage.World.Called += _ => recorded.TrySetResult();

        var call = stage.CallAsync(stage.Alice, "notes/create", Hello);
        await recorded.Task;

        Assert.False(call.IsCompleted);
        Assert.Empty(stage.World.NotesOf(stage.Alice));
        await stage.Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    [Fact]
    public async Task A_proxy_page_and_a_rate_limit_can_be_answered()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Inject("*", Fault.Html502);
        stage.Server.Inject("*", Fault.RateLimit(TimeSpan.FromSeconds(17)));

        var proxy = await stage.CallAsync(stage.Alice, "notes/create", Hello);
        var limited = await stage.CallAsync(stage.Alice, "notes/create", Hello);

        Assert.Equal(502, proxy.Status);
        Assert.StartsWith("<html>", proxy.Body, StringComparison.Ordinal);
        Assert.Equal((429, 17), (limited.Status, limited.RetryAfter));
        Assert.Empty(stage.World.NotesOf(stage.Alice));
    }

    [Fact]
    public async Task Random_faults_repeat_with_their_seed_and_stop_when_cleared()
    {
        var first = await StatusesAsync(seed: 7);
        var second = await StatusesAsync(seed: 7);
        var other = await StatusesAsync(seed: 8);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(status => status == 500), 20, 80);
    }

    [Fact]
    public async Task While_paused_nothing_is_answered_and_afterwards_everything_is()
    {
        await using var stage = await Stage.SetAsync();
        stage.World.Paused = true;
        var call = stage.CallAsync(stage.Alice, "notes/create", Hello);
        using var impatient = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
        impatient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.Alice.Token);
        await Assert.ThrowsAsync<TaskCanceledException>(() =>
            impatient.PostAsync(new Uri(stage.Server.Url, "api/ping"), null, TestContext.Current.CancellationToken));
        Assert.False(call.IsCompleted);

        stage.World.Paused = false;

        Assert.Equal(200, (await call).Status);
    }

    private static async Task<int[]> StatusesAsync(int seed)
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.InjectAtRandom("ping", Fault.RefuseWith(500, "X"), probability: 0.5, seed);
        var statuses = new int[100];
        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i] = (await stage.CallAsync(stage.Alice, "ping")).Status;
        }
        stage.Server.ClearFaults();
        Assert.Equal(200, (await stage.CallAsync(stage.Alice, "ping")).Status);
        return statuses;
    }
}
