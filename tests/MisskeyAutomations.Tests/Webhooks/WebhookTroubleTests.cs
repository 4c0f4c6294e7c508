using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Webhooks;

public sealed class WebhookTroubleTests : IAsyncLifetime
{
    private const string Envelope = """{"hookId":"h1","userId":"u1","eventId":"361b7c78-e28d-4c5e-a6aa-afb32c3a32b6","createdAt":1795489414839,"type":"note","body":{}}""";

    private readonly KeptDeadlines _deadlines = new();
    private Door _door = null!;

    public async ValueTask InitializeAsync() => _door = await Door.OpenAsync(_deadlines);

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_body_that_does_not_arrive_is_answered_within_the_five_seconds_that_Misskey_waits()
    {
        var answer = await SendHalfABodyAsync();

        Assert.Contains(_deadlines.All, deadline => deadline <= TimeSpan.FromSeconds(4));
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 60", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_asks_Misskey_to_try_again_and_health_tells_it()
    {
        using var first = await _door.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        await _door.Store.Writer.RunAsync(db => db.Sql("pragma max_page_count = 1").Number(), TestContext.Current.CancellationToken);
        var large = """{"eventId":"e","a":" """ + new string('x', 500_000) + "\"}";

        var refused = await _door.PostAsync(large);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(60)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.OK, (await _door.Client.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/healthz");
        Assert.Equal(HttpStatusCode.OK, (await _door.Client.SendAsync(head, TestContext.Current.CancellationToken)).StatusCode);
        await _door.Store.Writer.RunAsync(db => db.Sql("pragma max_page_count = 1000000").Number(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, (await _door.PostAsync(large)).StatusCode);
    }

    [Fact]
    public async Task A_closed_store_makes_the_server_unready()
    {
        _door.Store.Writer.Dispose();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _door.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _door.PostAsync(Envelope)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _door.Client.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task<string> SendHalfABodyAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_door.Address.Host, _door.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /hooks/alice HTTP/1.1\r\nHost: x\r\nX-Misskey-Hook-Secret: {Door.Secret}\r\nContent-Length: 100\r\n\r\n{{"),
            TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Patience);
        var buffer = new byte[1_024];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, patience.Token));
    }

    /// <summary>The system's clock, which keeps how long is waited at most: that holds on a busy machine, too.</summary>
    private sealed class KeptDeadlines : TimeProvider
    {
        private readonly ConcurrentBag<TimeSpan> _all = [];

        public IReadOnlyCollection<TimeSpan> All => [.. _all.Where(deadline => deadline > TimeSpan.Zero)];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _all.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
