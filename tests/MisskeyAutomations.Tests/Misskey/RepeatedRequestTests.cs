using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>A server that knows repetitions answers 202 while it is at work: the same bytes bring its answer.</summary>
public sealed class RepeatedRequestTests
{
    private const string AtWork = """{"error":{"code":"PROCESSING","id":"3247052c-005d-4ccf-9d5a-7a2dc4d2c6b0"}}""";

    [Fact]
    public async Task It_is_asked_with_the_same_bytes_until_it_answers()
    {
        var answers = new Queue<Behaviour>([RawServer.Json(202, AtWork), RawServer.Json(202, AtWork), RawServer.Json(200, """{"createdNote":{"id":"n1"}}""")]);
        await using var server = RawServer.Start((request, client) => answers.Dequeue()(request, client));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await PassTimeAsync(rig, rig.SendAsync());

        Assert.Equal("n1", Assert.IsType<ActionOutcome.Done>(outcome).Answer!.Value.GetProperty("createdNote").GetProperty("id").GetString());
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.BodyText).Distinct());
    }

    /// <summary>After 30 s the server may have forgotten that it is at work; then only what is proven absent is sent again.</summary>
    [Fact]
    public async Task It_is_not_asked_for_longer_than_the_server_remembers()
    {
        await using var server = RawServer.Start(RawServer.Json(202, AtWork));
        await using var rig = new MisskeyRig(server.Address);
        var begin = rig.Clock.GetUtcNow();

        var outcome = await PassTimeAsync(rig, rig.SendAsync());

        Assert.IsType<ActionOutcome.Uncertain>(outcome);
        Assert.Equal(4, server.Requests.Count);
        Assert.InRange(rig.Clock.GetUtcNow() - begin, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_that_takes_long_to_say_so_is_not_asked_once_it_may_have_forgotten()
    {
        MisskeyRig? rig = null;
        var slowness = TimeSpan.FromSeconds(20);
        await using var server = RawServer.Start(async (request, client) =>
        {
            await Task.Delay(slowness, rig!.Clock);
            await RawServer.Json(202, AtWork)(request, client);
        });
        await using var asking = rig = new MisskeyRig(server.Address);

        var sending = rig.SendAsync();
        while (!sending.IsCompleted)
        {
            if (rig.Clock.IsWaitedFor(slowness) || rig.Clock.IsWaitedFor(TimeSpan.FromSeconds(5)) || rig.Clock.IsWaitedFor(TimeSpan.FromSeconds(10)))
            {
                rig.Clock.Advance(TimeSpan.FromMilliseconds(500));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.IsType<ActionOutcome.Uncertain>(await sending);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(429, """{"error":{"code":"RATE_LIMIT_EXCEEDED","id":"x"}}""")]
    [InlineData(400, """{"error":{"code":"NO_SUCH_REPLY_TARGET","id":"x"}}""")]
    [InlineData(401, """{"error":{"code":"AUTHENTICATION_FAILED","id":"x"}}""")]
    [InlineData(502, "")]
    public async Task What_becomes_of_the_question_says_nothing_about_the_request(int status, string body)
    {
        var answers = new Queue<Behaviour>([RawServer.Json(202, AtWork), RawServer.Json(status, body)]);
        await using var server = RawServer.Start((request, client) => answers.Dequeue()(request, client));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await PassTimeAsync(rig, rig.SendAsync());

        Assert.IsType<ActionOutcome.Uncertain>(outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    private static async Task<ActionOutcome> PassTimeAsync(MisskeyRig rig, Task<ActionOutcome> sending)
    {
        while (!sending.IsCompleted)
        {
            await rig.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        return await sending;
    }
}
