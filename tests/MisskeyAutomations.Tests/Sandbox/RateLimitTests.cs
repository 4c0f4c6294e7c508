namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>Limits as measured: what counts, when a call is refused, what the refusal says.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task The_101st_follow_within_an_hour_is_refused_though_the_others_failed()
    {
        await using var stage = await LimitedAsync();
        var body = $$"""{"userId":"{{stage.Alice.Id}}"}""";
        var answers = new List<Answer>();

        for (var i = 0; i < 101; i++)
        {
            answers.Add(await stage.CallAsync(stage.Bob, "following/create", body));
        }

        Assert.Equal(200, answers[0].Status);
        Assert.All(answers[1..100], answer => Assert.Equal("ALREADY_FOLLOWING", answer.Code));
        var refused = answers[100];
        Assert.Equal((429, "RATE_LIMIT_EXCEEDED", 3600), (refused.Status, refused.Code, refused.RetryAfter));
        var recorded = Recorded.ApiErrors().First(call => call.GetProperty("label").GetString() == "ratelimit-follow");
        Assert.Equal(
            JsonShape.Of(recorded.GetProperty("response"), "reset", "resetMs"), JsonShape.Of(refused.Json, "reset", "resetMs"));
        var info = refused.Error.GetProperty("info");
        Assert.Equal(stage.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), info.GetProperty("resetMs").GetInt64());
        Assert.Equal(stage.Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), info.GetProperty("reset").GetInt64());
    }

    [Fact]
    public async Task Refused_calls_count_and_push_the_window_on()
    {
        await using var stage = await LimitedAsync();
        for (var i = 0; i < 30; i++)
        {
            await stage.CallAsync(stage.Bob, "i/notifications");
            stage.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var resets = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            resets.Add((await stage.CallAsync(stage.Bob, "i/notifications")).Error.GetProperty("info").GetProperty("resetMs").GetInt64());
        }

        Assert.Equal([resets[0], resets[0] + 100, resets[0] + 200], resets);
    }

    [Fact]
    public async Task The_window_slides_so_that_calls_pass_again_when_the_oldest_have_left_it()
    {
        await using var stage = await LimitedAsync();
        for (var i = 0; i < 30; i++)
        {
            await stage.CallAsync(stage.Bob, "i/notifications");
        }

        stage.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(200, (await stage.CallAsync(stage.Bob, "i/notifications")).Status);
    }

    [Fact]
    public async Task Deleting_twice_within_a_second_is_refused_with_a_total_of_one()
    {
        await using var stage = await LimitedAsync();
        var first = stage.World.Post(stage.Alice, "1");
        var second = stage.World.Post(stage.Alice, "2");

        var passed = await stage.CallAsync(stage.Alice, "notes/delete", $$"""{"noteId":"{{first.Id}}"}""");
        var refused = await stage.CallAsync(stage.Alice, "notes/delete", $$"""{"noteId":"{{second.Id}}"}""");
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        var later = await stage.CallAsync(stage.Alice, "notes/delete", $$"""{"noteId":"{{second.Id}}"}""");

        Assert.Equal((204, 429, 204), (passed.Status, refused.Status, later.Status));
        Assert.Equal((1, 1), (refused.RetryAfter, refused.Error.GetProperty("info").GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Accounts_and_endpoints_are_counted_apart()
    {
        await using var stage = await LimitedAsync();
        for (var i = 0; i < 31; i++)
        {
            await stage.CallAsync(stage.Bob, "i/notifications");
        }

        Assert.Equal(429, (await stage.CallAsync(stage.Bob, "i/notifications")).Status);
        Assert.Equal(200, (await stage.CallAsync(stage.Carol, "i/notifications")).Status);
        Assert.Equal(200, (await stage.CallAsync(stage.Bob, "i")).Status);
    }

    [Fact]
    public async Task A_call_without_permission_counts()
    {
        await using var stage = await LimitedAsync();
        var token = stage.World.IssueToken(stage.Bob, "write:notes");

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("PERMISSION_DENIED", (await stage.CallAsync(token, "i/notifications")).Code);
        }

        Assert.Equal("RATE_LIMIT_EXCEEDED", (await stage.CallAsync(token, "i/notifications")).Code);
    }

    private static Task<Stage> LimitedAsync() => Stage.SetAsync(options => options with { RateLimits = true });
}
