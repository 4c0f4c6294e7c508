using System.Net;
using System.Net.Sockets;
using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class MisskeySenderTests
{
    private const string Frozen = """{"visibility":"home","text":"おはよう 🐰 <b> & \"q\" \u0000","noExtractMentions":true}""";

    [Fact]
    public async Task A_request_is_sent_as_it_was_frozen_with_the_accounts_token()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """{"createdNote":{"id":"n1"}}"""));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await rig.SendAsync("notes/create", Frozen);

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /api/notes/create HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal(Frozen, request.BodyText);
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal($"Bearer {MisskeyRig.Token}", request.Header("Authorization"));
        Assert.Equal(server.Address.Authority, request.Header("Host"));
        Assert.StartsWith("MisskeyAutomations/", request.Header("User-Agent"), StringComparison.Ordinal);
        Assert.Null(request.Header("Transfer-Encoding"));
        Assert.Null(request.Header("Expect"));
        Assert.Equal("n1", Assert.IsType<ActionOutcome.Done>(outcome).Answer!.Value.GetProperty("createdNote").GetProperty("id").GetString());
    }

    /// <summary>One fork recognises a repeated request by its bytes.</summary>
    [Fact]
    public async Task A_repeated_request_is_the_same_bytes()
    {
        await using var server = RawServer.Start(RawServer.Reset);
        await using var rig = new MisskeyRig(server.Address);

        await rig.SendAsync("notes/create", Frozen);
        server.Behave(RawServer.Json(200, "{}"));
        await rig.SendAsync("notes/create", Frozen);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests[0].Body, server.Requests[1].Body);
        Assert.Equal(server.Requests[0].Head, server.Requests[1].Head);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("notes/../../evil")]
    [InlineData("/notes/create")]
    [InlineData("notes//create")]
    [InlineData("notes/create/")]
    [InlineData("notes/create?i=x")]
    [InlineData("notes%2fcreate")]
    [InlineData("Notes/create")]
    [InlineData("notes/create\n")]
    [InlineData("http://evil.example/x")]
    [InlineData("")]
    public async Task What_is_no_endpoint_is_never_asked(string endpoint)
    {
        await using var server = RawServer.Start(RawServer.Json(200, "{}"));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await rig.SendAsync(endpoint);

        Assert.Equal("INVALID_ENDPOINT", Assert.IsType<ActionOutcome.Rejected>(outcome).Code);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var elsewhere = RawServer.Start(RawServer.Json(200, "{}"));
        await using var server = RawServer.Start(RawServer.Answer(307, "", $"Location: {elsewhere.Address}api/notes/create"));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await rig.SendAsync();

        Assert.Equal("REDIRECT", Assert.IsType<ActionOutcome.Rejected>(outcome).Code);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task A_refused_connection_has_sent_nothing()
    {
        await using var rig = new MisskeyRig(FreeAddress());

        var outcome = await rig.SendAsync();

        Assert.Equal(new ActionOutcome.NotSent("The server refuses the connection."), outcome);
    }

    [Fact]
    public async Task An_unknown_name_has_sent_nothing()
    {
        await using var rig = new MisskeyRig(new Uri("http://no-such-host.invalid"));

        Assert.IsType<ActionOutcome.NotSent>(await rig.SendAsync());
    }

    [Fact]
    public async Task A_failed_handshake_has_sent_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("HTTP/1.1 400 This is not TLS\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        await using var rig = new MisskeyRig(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        var outcome = await rig.SendAsync();

        Assert.Equal(new ActionOutcome.NotSent("The server speaks no TLS there, or none that is accepted."), outcome);
        await closing;
    }

    [Fact]
    public async Task A_reset_after_the_request_leaves_its_effect_open()
    {
        await using var server = RawServer.Start(RawServer.Reset);
        await using var rig = new MisskeyRig(server.Address);

        Assert.IsType<ActionOutcome.Uncertain>(await rig.SendAsync());
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: appl")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"createdNote\":")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"error\":")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task An_answer_that_breaks_off_leaves_the_effect_open(string received)
    {
        await using var server = RawServer.Start(RawServer.Broken(received));
        await using var rig = new MisskeyRig(server.Address);

        Assert.IsType<ActionOutcome.Uncertain>(await rig.SendAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_30_s()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = RawServer.Start(RawServer.Silence(hasRead));
        await using var rig = new MisskeyRig(server.Address);

        var sending = rig.SendAsync();
        await hasRead.Task;
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new ActionOutcome.Uncertain("The server did not answer in time."), await sending);
    }

    [Fact]
    public async Task An_answer_that_drips_is_given_30_s_too()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = RawServer.Start(async (request, client) =>
        {
            await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
            await RawServer.Silence(hasRead)(request, client);
        });
        await using var rig = new MisskeyRig(server.Address);

        var sending = rig.SendAsync();
        await hasRead.Task;
        while (!sending.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.IsType<ActionOutcome.Uncertain>(await sending);
        Assert.True(rig.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(1_800_000_000) >= MisskeySender.Patience);
    }

    [Fact]
    public async Task The_end_of_the_program_leaves_a_sent_request_open()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = RawServer.Start(RawServer.Silence(hasRead));
        await using var rig = new MisskeyRig(server.Address);
        using var end = new CancellationTokenSource();

        var sending = rig.Get<MisskeySender>().SendAsync("main", "notes/create", "{}", end.Token);
        await hasRead.Task;
        await end.CancelAsync();

        Assert.Equal(new ActionOutcome.Uncertain("The program was stopped."), await sending);
    }

    [Fact]
    public async Task The_end_of_the_program_before_the_first_byte_has_sent_nothing()
    {
        await using var server = RawServer.Start(RawServer.Json(200, "{}"));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await rig.Get<MisskeySender>().SendAsync("main", "notes/create", "{}", new CancellationToken(canceled: true));

        Assert.Equal(new ActionOutcome.NotSent("The program was stopped."), outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Of_a_giant_answer_only_the_status_counts()
    {
        await using var server = RawServer.Start(RawServer.Json(200, $"\"{new string('x', 5 * 1024 * 1024)}\""));
        await using var rig = new MisskeyRig(server.Address);

        var outcome = await rig.SendAsync();

        Assert.Equal(new ActionOutcome.Done(), outcome);
    }

    [Fact]
    public async Task An_account_that_is_gone_from_the_configuration_sends_nothing()
    {
        await using var rig = new MisskeyRig(FreeAddress());

        var outcome = await rig.Get<MisskeySender>().SendAsync("gone", "notes/create", "{}", TestContext.Current.CancellationToken);

        Assert.Equal("UNKNOWN_ACCOUNT", Assert.IsType<ActionOutcome.Rejected>(outcome).Code);
    }

    [Fact]
    public async Task The_token_is_in_no_log_line_and_no_reason()
    {
        Behaviour[] behaviours =
        [
            RawServer.Json(200, "{}"), RawServer.Reset, RawServer.Broken("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), RawServer.Answer(502, "<html>"),
            RawServer.Json(401, """{"error":{"code":"AUTHENTICATION_FAILED","id":"b0a7f5f8-dc2f-4171-b91f-de88ad238e14"}}"""), RawServer.Answer(302, "", "Location: /x"),
        ];
        await using var server = RawServer.Start(behaviours[0]);
        await using var rig = new MisskeyRig(server.Address);
        var told = new StringBuilder();

        foreach (var behaviour in behaviours)
        {
            server.Behave(behaviour);
            told.AppendLine((await rig.SendAsync()).ToString());
        }

        Assert.Contains(MisskeyRig.Token, server.Requests[0].Head, StringComparison.Ordinal); // It was there to be told.
        Assert.DoesNotContain("CANARY", told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("CANARY", StringComparison.Ordinal));
        Assert.Contains("***", new Account { Name = "a", Server = server.Address, Token = new Secret(MisskeyRig.Token), HookSecrets = [] }.ToString(), StringComparison.Ordinal);
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
