using System.Net;
using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>What cannot be connected is told in a sentence that says what to do.</summary>
public sealed class ConnectTroubleTests : IAsyncLifetime
{
    private House _house = null!;
    private Orders _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _house = await Orders.OpenHouseAsync("rules: []");
        _orders = new Orders(_house);
    }

    public async ValueTask DisposeAsync()
    {
        _orders.Dispose();
        await _house.DisposeAsync();
    }

    [Theory]
    [InlineData(200, "text/html", "<!doctype html><p>Hello", "answers with something else than Misskey's API.")]
    [InlineData(403, "text/html", "<!doctype html><p>Are you a robot?", "Its administrator must let this machine call /api/.")]
    [InlineData(404, "application/json", """{"error":"Not Found"}""", "answers, but not as Misskey does")]
    [InlineData(200, "application/json", """{"uri":"https://mastodon.example"}""", "answers, but not as Misskey does")]
    [InlineData(502, "text/html", "<html>", "is in trouble: something in front of it answers with HTTP 502.")]
    [InlineData(429, "application/json", "{}", "asks for patience")]
    public async Task What_is_no_Misskey_is_told_by_what_it_answers(int status, string type, string body, string sentence)
    {
        await using var server = await AnsweringServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });

        await RefusedAsync(server.Address, sentence);
    }

    [Theory]
    [InlineData("https://www.misskey.example/", "sends on to www.misskey.example. Name that one, if it is your server: `connect www.misskey.example`.")]
    [InlineData("http://misskey:3000/", "sends on to misskey:3000. Name that one, if it is your server: `connect http://misskey:3000`.")]
    [InlineData("/elsewhere", "sends on to another address.")]
    public async Task A_server_that_sends_on_is_told_with_where_to(string target, string sentence)
    {
        await using var server = await AnsweringServer.StartAsync(context =>
        {
            context.Response.StatusCode = 301;
            context.Response.Headers.Location = target.StartsWith('/') ? target : target.TrimEnd('/') + context.Request.Path;
            return Task.CompletedTask;
        });

        await RefusedAsync(server.Address, sentence);
    }

    [Theory]
    [InlineData("mastodon", "4.3.1", 404, null, "runs mastodon 4.3.1, which does not speak Misskey's API.")]
    [InlineData("Sharkey", "2025.2.3", 200, """{"version":"2025.2.3"}""", null)]
    public async Task Other_software_is_named(string software, string version, int status, string? meta, string? sentence)
    {
        await using var server = await AnsweringServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/.well-known/nodeinfo" => context.Response.WriteAsJsonAsync(new { links = new[] { new { rel = "http://nodeinfo.diaspora.software/ns/schema/2.0", href = "https://its.name.example/nodeinfo/2.0" } } }),
            "/nodeinfo/2.0" => context.Response.WriteAsJsonAsync(new { software = new { name = software, version } }),
            _ => AnswerAsync(context, status, meta ?? """{"error":"Not Found"}"""),
        });

        if (sentence is not null)
        {
            await RefusedAsync(server.Address, sentence);
            return;
        }

        await Assert.ThrowsAsync<ConnectingException>(() => _orders.GiveAsync(_orders.Connect(server: server.Address, token: "0123456789")));
        Assert.Contains(_orders.Told, told => told.EndsWith($"is {software} {version}, which speaks Misskey's API.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", 1970, 2100, "the server made it itself, or its issuer is not known here")]
    [InlineData("other.example", 1970, 2100, "the server made it itself, or its issuer is not known here")]
    [InlineData("127.0.0.1", 1970, 2000, "the server made it itself, or its issuer is not known here")]
    public async Task A_certificate_that_nobody_trusts_is_told(string name, int since, int until, string sentence)
    {
        await using var server = await AnsweringServer.StartAsync(_ => Task.CompletedTask, Certificates.SelfSigned(name, since, until));

        await RefusedAsync(server.Address, sentence);
    }

    [Fact]
    public async Task Https_where_http_is_spoken_is_told() =>
        await RefusedAsync(new UriBuilder(_house.Misskey.Url) { Scheme = "https" }.Uri, "speaks no TLS, or none that this machine accepts. Is the port right?");

    [Fact]
    public async Task A_server_that_is_not_there_is_told() =>
        await RefusedAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}"), "cannot be reached: The server refuses the connection.");

    [Fact]
    public async Task A_name_that_nobody_knows_is_told() => await RefusedAsync(new Uri("https://no-such-server.invalid"), "cannot be reached: The name server (DNS)");

    [Fact]
    public async Task A_token_that_is_revoked_is_told()
    {
        var token = _house.World.IssueToken(_house.Owner, "read:account");
        _house.World.RevokeToken(token);

        Assert.Contains("does not take the token: Misskey does not know this account's token", await _orders.RefusedAsync(_orders.Connect(token: token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_may_too_little_is_told_with_what_it_lacks()
    {
        var token = _house.World.IssueToken(_house.Owner, "read:account", "read:blocks", "read:notifications", "write:notes");

        var refusal = await _orders.RefusedAsync(_orders.Connect(token: token));

        Assert.Contains("The token lacks read:mutes, write:account.", refusal, StringComparison.Ordinal);
        Assert.Null(_orders.Find());
    }

    [Fact]
    public async Task A_token_of_somebody_else_than_who_was_named_is_not_kept()
    {
        _house.World.AddAccount("alice_bot");

        var refusal = await _orders.RefusedAsync(_orders.Connect() with { Username = "alice_bot" });
        Assert.Equal(0, await _orders.GiveAsync(_orders.Connect() with { Username = "Alice" }));

        Assert.Contains($"The token is @alice's, and @alice_bot was to be connected; nothing was kept. Sign in to {_house.Misskey.Url.Authority} as @alice_bot", refusal, StringComparison.Ordinal);
        Assert.Equal("alice", _orders.Find()!.Username);
    }

    [Fact]
    public async Task An_answer_that_is_lost_leaves_one_webhook_and_no_doubt()
    {
        _house.Misskey.Inject("i/webhooks/create", MisskeyAutomations.Sandbox.Faults.Fault.ExecuteThenReset);

        Assert.Equal(0, await _orders.GiveAsync(_orders.Connect()));

        Assert.Single(_house.Hooks());
        Assert.Equal(HttpStatusCode.NoContent, await _house.PostAsync("""{"type":"note","body":{"note":{"id":"dummy-note-1"}},"userId":"x"}""", _house.Hooks()[0].Secret));
    }

    private static Task AnswerAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private async Task RefusedAsync(Uri server, string sentence)
    {
        Assert.Contains(sentence, await _orders.RefusedAsync(_orders.Connect(server: server)), StringComparison.Ordinal);
        Assert.Null(_orders.Find());
    }
}
