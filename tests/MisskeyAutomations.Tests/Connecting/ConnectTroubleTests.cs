using System.Net;
using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Cli;
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
    [InlineData(200, "text/html", "<!doctype html><p>Hello", "answers with something else than Misskey's API: A web page came back")]
    [InlineData(404, "text/html", "<!doctype html><p>Nothing", "answers with something else than Misskey's API")]
    [InlineData(404, "application/json", """{"error":"Not Found"}""", "answers, but not as Misskey does")]
    [InlineData(200, "application/json", """{"uri":"https://mastodon.example"}""", "answers, but not as Misskey does")]
    [InlineData(502, "text/html", "<html>", "answers with something else than Misskey's API: The answer was HTTP 502 with a web page")]
    [InlineData(429, "application/json", "{}", "asks for patience")]
    [InlineData(301, "text/html", "", "The server redirects to real.example")]
    public async Task What_is_no_Misskey_is_told_by_what_it_answers(int status, string type, string body, string sentence)
    {
        await using var server = await AnsweringServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.Location = status == 301 ? "https://real.example/api/meta" : default;
            return context.Response.WriteAsync(body);
        });

        await RefusedAsync(server.Address, sentence);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_told()
    {
        await using var server = await AnsweringServer.StartAsync(_ => Task.CompletedTask, hasOwnCertificate: true);

        await RefusedAsync(server.Address, "shows a certificate that this machine does not trust");
    }

    [Fact]
    public async Task Https_where_http_is_spoken_is_told() =>
        await RefusedAsync(new UriBuilder(_house.Misskey.Url) { Scheme = "https" }.Uri, "or speaks no TLS");

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

    [Theory]
    [InlineData("misskey.example", "https://misskey.example/")]
    [InlineData("https://misskey.example/@alice", "https://misskey.example/")]
    [InlineData("http://127.0.0.1:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://misskey:3000", "http://misskey:3000/")]
    public void A_server_is_read_as_people_write_it(string text, string origin) => Assert.Equal(origin, ConnectCommand.ServerOf(text).AbsoluteUri);

    [Theory]
    [InlineData("http://misskey.example", "http:// would send the token in clear. Write https://misskey.example.")]
    [InlineData("ftp://misskey.example", "'ftp://misskey.example' is no server")]
    [InlineData("https://a:b@misskey.example", "is no server")]
    [InlineData("two words", "'two words' is no server")]
    public void What_is_no_server_is_refused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<CommandFailure>(() => ConnectCommand.ServerOf(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_that_is_lost_leaves_one_webhook_and_no_doubt()
    {
        _house.Misskey.Inject("i/webhooks/create", MisskeyAutomations.Sandbox.Faults.Fault.ExecuteThenReset);

        Assert.Equal(0, await _orders.GiveAsync(_orders.Connect()));

        Assert.Single(_house.Hooks());
        Assert.Equal(HttpStatusCode.NoContent, await _house.PostAsync("""{"type":"note","body":{"note":{"id":"dummy-note-1"}},"userId":"x"}""", _house.Hooks()[0].Secret));
    }

    private async Task RefusedAsync(Uri server, string sentence)
    {
        Assert.Contains(sentence, await _orders.RefusedAsync(_orders.Connect(server: server)), StringComparison.Ordinal);
        Assert.Null(_orders.Find());
    }
}
