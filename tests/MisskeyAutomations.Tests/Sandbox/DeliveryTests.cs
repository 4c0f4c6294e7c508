using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>How deliveries are retried, by a clock that is moved by hand.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_failing_receiver_is_tried_four_times_1_3_and_7_minutes_apart_with_the_same_bytes()
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        stage.Receiver.AnswerWith(503);

        stage.World.Post(stage.Alice, "hi");

        foreach (var minutes in (int[])[1, 3, 7])
        {
            var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(503, attempt.Status);
            Assert.InRange(attempt.RetryIn!.Value, TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes * 1.2));
            stage.Time.Advance(attempt.RetryIn.Value - TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, stage.World.WaitingDeliveries);
            stage.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        var last = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, last.Attempt);
        Assert.Null(last.RetryIn);
        Assert.Equal(0, stage.World.WaitingDeliveries);
        Assert.Equal(4, stage.Receiver.All.Count);
        Assert.All(stage.Receiver.All, hook => Assert.Equal(stage.Receiver.All[0].Text, hook.Text));
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(204, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, false)]
    [InlineData(410, false)]
    [InlineData(429, true)]
    [InlineData(302, true)]
    [InlineData(304, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    public async Task Only_what_Misskey_retries_is_retried(int status, bool retried)
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        stage.Receiver.AnswerWith(status);

        stage.World.Post(stage.Alice, "hi");

        var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, attempt.Status);
        Assert.Equal(retried, attempt.RetryIn is not null);
        var hook = (await stage.CallAsync(stage.Alice, "i/webhooks/list")).Json[0];
        Assert.Equal(status, hook.GetProperty("latestStatus").GetInt32());
        Assert.Equal("2026-11-24T03:00:00.000Z", hook.GetProperty("latestSentAt").GetString());
    }

    [Theory]
    [InlineData(4.9, 200)]
    [InlineData(5.0, 1)]
    public async Task A_receiver_has_5_seconds_to_answer_and_is_tried_again_when_it_takes_longer(double seconds, int status)
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Receiver.Answer = _ => answer.Task;
        stage.World.Post(stage.Alice, "hi");
        await stage.Receiver.NextAsync();

        stage.Time.Advance(TimeSpan.FromSeconds(seconds));
        answer.SetResult();

        var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, attempt.Status);
        Assert.Equal(status == 1, attempt.RetryIn is not null);
    }

    [Theory]
    [InlineData("not a url", "secret")]
    [InlineData("ftp://127.0.0.1/hook", "secret")]
    [InlineData("http://user:password@127.0.0.1/hook", "secret")]
    [InlineData("http://127.0.0.1:1/hook", "秘密")]
    [InlineData("http://127.0.0.1:1/hook", "two\r\nlines")]
    public async Task An_address_or_secret_that_cannot_be_sent_fails_without_an_answer_and_is_retried(string url, string secret)
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        var hook = stage.World.AddWebhook(stage.World.AddAccount("erin"), url, secret, "note");

        stage.World.Post(hook.Owner, "hi");

        var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, attempt.Status);
        Assert.NotNull(attempt.RetryIn);
    }

    [Fact]
    public async Task A_refused_connection_is_retried()
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var hook = stage.World.AddWebhook(stage.World.AddAccount("erin"), $"http://127.0.0.1:{port}/x", "s", "note");

        stage.World.Post(hook.Owner, "hi");

        var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, attempt.Status);
        Assert.NotNull(attempt.RetryIn);
    }

    [Fact]
    public async Task A_retry_goes_to_the_old_address_with_the_old_secret_also_after_the_hook_was_changed_and_deleted()
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        stage.Receiver.AnswerWith(500);
        stage.World.Post(stage.Alice, "hi");
        var retryIn = (await attempts.ReadAsync(TestContext.Current.CancellationToken)).RetryIn!.Value;
        var hookId = (await stage.Receiver.NextAsync()).Headers["X-Misskey-Hook-Id"];
        await stage.CallAsync(stage.Alice, "i/webhooks/update", $$"""{"webhookId":"{{hookId}}","url":"http://127.0.0.1:1/","secret":"new"}""");
        await stage.CallAsync(stage.Alice, "i/webhooks/delete", $$"""{"webhookId":"{{hookId}}"}""");
        stage.Receiver.AnswerWith(200);

        stage.Time.Advance(retryIn);

        var again = await stage.Receiver.NextAsync();
        Assert.Equal("shhh-alice-0123456789", again.Headers["X-Misskey-Hook-Secret"]);
        Assert.True((await attempts.ReadAsync(TestContext.Current.CancellationToken)).Delivered);
    }

    [Fact]
    public async Task A_test_delivery_is_tried_once_and_may_go_elsewhere()
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        stage.Receiver.AnswerWith(500);
        var hookId = (await stage.CallAsync(stage.Alice, "i/webhooks/list")).Json[0].GetProperty("id").GetString();

        await stage.CallAsync(
            stage.Alice, "i/webhooks/test",
            $$"""{"webhookId":"{{hookId}}","type":"note","override":{"url":"{{stage.Receiver.Url}}/elsewhere","secret":"ov"} }""");

        Assert.Null((await attempts.ReadAsync(TestContext.Current.CancellationToken)).RetryIn);
        var hook = await stage.Receiver.NextAsync();
        Assert.Equal("/hook/elsewhere", hook.Path);
        Assert.Equal("ov", hook.Headers["X-Misskey-Hook-Secret"]);
    }

    [Theory]
    [InlineData(301, "GET")]
    [InlineData(302, "GET")]
    [InlineData(303, "GET")]
    [InlineData(307, "POST")]
    [InlineData(308, "POST")]
    public async Task A_redirect_is_followed_mostly_by_a_GET_and_counts_as_delivered(int status, string method)
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        var methods = new List<string>();
        stage.Receiver.Answer = context =>
        {
            methods.Add(context.Request.Method);
            if (context.Request.Path != "/elsewhere")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/elsewhere";
            }

            return Task.CompletedTask;
        };

        stage.World.Post(stage.Alice, "hi");

        Assert.Equal((200, null), await attempts.ReadAsync(TestContext.Current.CancellationToken) is var attempt ? (attempt.Status, attempt.RetryIn) : default);
        Assert.Equal(["POST", method], methods);
        var last = stage.Receiver.All[1];
        Assert.Equal(stage.Receiver.All[0].Headers["X-Misskey-Hook-Secret"], last.Headers["X-Misskey-Hook-Secret"]);
        Assert.Equal(method == "POST" ? stage.Receiver.All[0].Text : "", last.Text);
    }

    [Theory]
    [InlineData(304, null)]
    [InlineData(301, null)]
    [InlineData(308, "/hook")]
    public async Task A_redirect_that_leads_nowhere_is_tried_again(int status, string? location)
    {
        await using var stage = await Stage.SetAsync();
        var attempts = Attempts(stage);
        stage.Receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };

        stage.World.Post(stage.Alice, "hi");

        var attempt = await attempts.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(location is null ? status : 1, attempt.Status);
        Assert.NotNull(attempt.RetryIn);
    }

    [Fact]
    public async Task An_empty_secret_is_sent_as_an_empty_header()
    {
        await using var stage = await Stage.SetAsync();
        var erin = stage.World.AddAccount("erin");
        stage.World.AddWebhook(erin, stage.Receiver.Url + "/erin", "", "note");

        stage.World.Post(erin, "hi");

        Assert.Equal("", (await stage.Receiver.NextAsync()).Headers["X-Misskey-Hook-Secret"]);
    }

    [Fact]
    public async Task No_more_deliveries_start_in_one_second_than_the_limit()
    {
        var time = new FakeTimeProvider();
        var limit = new StartLimit(perSecond: 3, time);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(limit.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
        }

        var fourth = limit.WaitAsync(TestContext.Current.CancellationToken).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(fourth.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await fourth;
    }

    [Fact]
    public async Task No_more_deliveries_are_in_flight_than_the_limit()
    {
        await using var stage = await Stage.SetAsync(options => options with { DeliveryConcurrency = 2 });
        var attempts = Attempts(stage);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Receiver.Answer = _ => open.Task;
        for (var i = 0; i < 3; i++)
        {
            stage.World.Post(stage.Alice, "hi");
        }
        await stage.Receiver.NextAsync();
        await stage.Receiver.NextAsync();
        Assert.Equal(2, stage.Receiver.All.Count);

        open.SetResult();

        for (var i = 0; i < 3; i++)
        {
            await attempts.ReadAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(3, stage.Receiver.All.Count);
    }

    private static ChannelReader<DeliveryAttempt> Attempts(Stage stage)
    {
        var attempts = Channel.CreateUnbounded<DeliveryAttempt>();
        stage.World.DeliveryAttempted += attempt => attempts.Writer.TryWrite(attempt);
        return attempts.Reader;
    }
}
