using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Api;

/// <summary>Who gets answers from the API, what wrong requests are told, and what is never told.</summary>
public sealed partial class ApiDoorTests : IAsyncLifetime
{
    private const string Hush = "a-secret-that-nobody-is-told-0123456789";
    private const string Rules = """
        rules:
          - name: tell
            on: mention
            when: contains(note.said, 'ping')
            do:
              - http: ${secret.TELL}
                body: { text: hi }
                continue-on-error: true
              - reply: PONG!
        """;

    private ApiHouse _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ApiHouse.OpenAsync(Rules, prepare: house =>
        house.Secrets = new RuleSecrets(new Dictionary<string, Secret> { ["TELL"] = new($"https://127.0.0.1:1/{Hush}") }));

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(null, "no-key")]
    [InlineData("", "wrong-key")]
    [InlineData("mka_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "wrong-key")]
    public async Task Nothing_is_answered_without_a_key(string? key, string code)
    {
        foreach (var (method, path) in (await PathsAsync()).Append((HttpMethod.Get, "/api/openapi.json")).Append((HttpMethod.Get, "/api/v1/nothing")))
        {
            var (status, body) = await _api.SendAsync(method, path, null, key: null, key is null ? [] : [("Authorization", $"Bearer {key}")]);

            Assert.Equal((HttpStatusCode.Unauthorized, code), (status, Code(body)));
        }
    }

    [Fact]
    public async Task A_key_that_may_only_look_gives_no_orders()
    {
        var key = (await _api.Keys.MakeAsync("looker", isReadOnly: true, Token))!;
        var looks = 0;
        foreach (var (method, path) in await PathsAsync())
        {
            var (status, body) = await _api.SendAsync(method, path, null, key);
            looks += status == HttpStatusCode.Forbidden ? 0 : 1;
            Assert.True((status == HttpStatusCode.Forbidden && Code(body) == "read-only-key") || method == HttpMethod.Get || path.EndsWith("/simulate", StringComparison.Ordinal), $"{method} {path}: {status}");
        }

        Assert.Equal(11, looks);
        Assert.False(_api.House.Engine.Services.GetRequiredService<Holds>().Panic);
    }

    [Fact]
    public async Task A_key_that_was_removed_is_taken_no_more()
    {
        var key = (await _api.Keys.MakeAsync("gone", isReadOnly: false, Token))!;
        Assert.Equal(HttpStatusCode.OK, (await _api.SendAsync(HttpMethod.Get, "/api/v1/rules", null, key)).Status);

        Assert.True(await _api.Keys.RemoveAsync("gone", Token));

        Assert.Equal(HttpStatusCode.Unauthorized, (await _api.SendAsync(HttpMethod.Get, "/api/v1/rules", null, key)).Status);
    }

    [Fact]
    public async Task A_browser_of_another_site_gets_nothing_of_it()
    {
        using var asked = await _api.AnswerAsync(HttpMethod.Get, "/api/v1/rules", null, _api.Key, ("Origin", "https://evil.example"));
        using var before = await _api.AnswerAsync(HttpMethod.Options, "/api/v1/rules", null, null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization"));

        Assert.All([asked, before], answer => Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
        Assert.False(before.IsSuccessStatusCode);
        Assert.False(asked.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Too_many_requests_are_put_off_each_key_for_itself()
    {
        await using var api = await ApiHouse.OpenAsync(Rules, new() { PerSecond = 1, Burst = 3 });
        var other = (await api.Keys.MakeAsync("other", isReadOnly: true, Token))!;
        using var last = await LastOfAsync(api, 8);

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("too-many", Code(JsonElement.Parse(await last.Content.ReadAsStringAsync(Token))));
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, "/api/v1/rules", null, other)).Status);
    }

    [Theory]
    [InlineData("/api/v1/events?limt=3", "unknown-parameter", "'limt' is no parameter of this address; did you mean 'limit'?")]
    [InlineData("/api/v1/rules?limit=3", "unknown-parameter", "'limit' is no parameter of this address; it takes none.")]
    [InlineData("/api/v1/events?limit=0", "wrong-limit", "'limit' takes a number from 1 to 200, not '0'.")]
    [InlineData("/api/v1/events?limit=201", "wrong-limit", "'limit' takes a number from 1 to 200, not '201'.")]
    [InlineData("/api/v1/events?cursor=-1", "wrong-cursor", "'cursor' takes the nextCursor of an answer, not '-1'.")]
    [InlineData("/api/v1/runs?cursor=x", "wrong-cursor", "'cursor' takes the nextCursor of an answer, not 'x'.")]
    [InlineData("/api/v1/events?state=done", "wrong-state", "'state' takes one of received, planned, test, unrouted, stale, quarantined, dropped, not 'done'.")]
    [InlineData("/api/v1/events?source=x", "wrong-source", "'source' takes one of webhook, streaming, catch-up, followers, cron, not 'x'.")]
    [InlineData("/api/v1/events?since=yesterday", "wrong-time", "'since' takes a time such as 2026-12-24T18:00:00Z")]
    [InlineData("/api/v1/runs?state=Waiting", "wrong-state", "'state' takes one of deciding, waiting,")]
    [InlineData("/api/v1/runs?waitsFor=hold", "wrong-waitsFor", "'waitsFor' is for waiting runs: add state=waiting.")]
    [InlineData("/api/v1/activity?by=year", "wrong-by", "'by' takes one of minute, hour, day, not 'year'.")]
    [InlineData("/api/v1/activity?zone=Asia/Nowhere", "wrong-zone", "'zone' takes a time zone such as Asia/Tokyo, not 'Asia/Nowhere'.")]
    public async Task What_is_wrong_is_told_with_what_to_write(string path, string code, string detail)
    {
        using var answer = await _api.AnswerAsync(HttpMethod.Get, path, null, _api.Key);
        var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token));

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json", code), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, Code(body)));
        Assert.StartsWith(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/events/999", null, 404, "no-such-event")]
    [InlineData("GET", "/api/v1/runs/999", null, 404, "no-such-run")]
    [InlineData("GET", "/api/v1/runs/x", null, 404, "no-such-address")]
    [InlineData("GET", "/api/v2/events", null, 404, "no-such-address")]
    [InlineData("DELETE", "/api/v1/events", null, 404, "no-such-address")]
    [InlineData("POST", "/api/v1/events/999/simulate", null, 404, "no-such-event")]
    [InlineData("POST", "/api/v1/events/999/replay", null, 404, "no-such-event")]
    [InlineData("POST", "/api/v1/runs/999/retry", null, 404, "no-such-run")]
    [InlineData("POST", "/api/v1/runs/999/cancel", null, 404, "no-such-run")]
    [InlineData("POST", "/api/v1/runs/999/settle", """{"word":"there"}""", 404, "no-such-run")]
    [InlineData("POST", "/api/v1/runs/999/settle", """{"word":"perhaps"}""", 400, "wrong-word")]
    [InlineData("POST", "/api/v1/runs/999/settle", null, 400, "wrong-word")]
    [InlineData("POST", "/api/v1/runs/999/settle", """{"what":"there"}""", 400, "wrong-body")]
    [InlineData("PUT", "/api/v1/panic", "{", 400, "wrong-body")]
    [InlineData("PUT", "/api/v1/panic", "{}", 400, "wrong-body")]
    [InlineData("PUT", "/api/v1/panic", """{"on":"yes"}""", 400, "wrong-body")]
    [InlineData("POST", "/api/v1/accounts/nobody/pause", null, 404, "no-such-account")]
    [InlineData("POST", "/api/v1/quarantine/events/1/retry", null, 404, "not-set-aside")]
    [InlineData("POST", "/api/v1/quarantine/runs/1/drop", null, 404, "not-set-aside")]
    public async Task What_cannot_be_done_is_told(string method, string path, string? body, int status, string code)
    {
        var answer = await _api.SendAsync(new HttpMethod(method), path, body, _api.Key);

        Assert.Equal((status, code), ((int)answer.Status, Code(answer.Body)));
        Assert.NotEmpty(answer.Body.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_told_so()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{_api.Address}/api/v1/panic") { Content = new FormUrlEncodedContent([new("on", "true")]) };
        request.Headers.Authorization = new("Bearer", _api.Key);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "no-json"), (answer.StatusCode, Code(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token)))));
        Assert.False(_api.House.Engine.Services.GetRequiredService<Holds>().Panic);
    }

    [Fact]
    public async Task Sentences_are_told_in_the_language_that_is_asked_for()
    {
        var (_, body) = await _api.SendAsync(HttpMethod.Get, "/api/v1/runs/999", null, _api.Key, ("Accept-Language", "fr, ja;q=0.8, en;q=0.5"));

        Assert.Equal("実行 999 はないか、もう保存されていません。GET /api/v1/runs で新しいものを一覧できます。", body.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_told_and_no_row_that_makes_no_sense_brings_it_down()
    {
        _api.House.World.Post(_api.House.Owner, "hello");
        await _api.House.RestAsync();
        await _api.House.Engine.Services.GetRequiredService<Store>().Writer.RunAsync(db => db.Sql("update deliveries set state = 99").Run(), Token);

        var (status, body) = await _api.SendAsync(HttpMethod.Get, "/api/v1/events", null, _api.Key);

        Assert.Equal((HttpStatusCode.InternalServerError, "damaged"), (status, Code(body)));
        Assert.StartsWith("The record of event ", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_holds_a_token_or_a_secret()
    {
        _api.House.World.Post(_api.House.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => _api.House.Ledger.Runs().Count > 0, "the rule runs");
        await _api.House.RestAsync();
        var number = _api.House.Ledger.Runs()[0].Delivery;
        string[] hushed = [Hush, _api.House.Token, House.Secret, _api.Key];

        foreach (var path in (string[])[.. (await PathsAsync()).Where(path => path.Method == HttpMethod.Get).Select(path => path.Path), $"/api/v1/events/{number}", "/api/openapi.json"])
        {
            using var answer = await _api.AnswerAsync(HttpMethod.Get, path, null, _api.Key);
            var text = await answer.Content.ReadAsStringAsync(Token);

            Assert.All(hushed, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }

        Assert.Contains("secret.TELL", (await _api.GetAsync($"/api/v1/events/{number}")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_describes_every_address()
    {
        var document = await _api.GetAsync("/api/openapi.json");
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Method: operation.Name, Operation: operation.Value))).ToList();

        Assert.Equal(22, operations.Count);
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Operation.GetProperty("summary").GetString()!);
            Assert.True(operation.Operation.GetProperty("responses").GetProperty("200").TryGetProperty("content", out _), operation.Path);
            Assert.Equal(Orders.IsMatch($"{operation.Method} {operation.Path}"), operation.Operation.GetProperty("responses").TryGetProperty("403", out _));
        });
        var components = document.GetProperty("components").GetProperty("schemas");
        Assert.All(Reference.Matches(document.GetRawText()).Select(match => match.Groups["name"].Value).Distinct(), name => Assert.True(components.TryGetProperty(name, out _), name));
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        Assert.Contains("waiting", components.GetProperty("RunState").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
    }

    private static string? Code(JsonElement problem) => problem.GetProperty("code").GetString();

    private static async Task<HttpResponseMessage> LastOfAsync(ApiHouse api, int count)
    {
        for (var i = 1; i < count; i++)
        {
            using var _ = await api.AnswerAsync(HttpMethod.Get, "/api/v1/rules", null, api.Key);
        }

        return await api.AnswerAsync(HttpMethod.Get, "/api/v1/rules", null, api.Key);
    }

    // All addresses that the document lists.
    private async Task<IReadOnlyList<(HttpMethod Method, string Path)>> PathsAsync() =>
    [
        .. (await _api.GetAsync("/api/openapi.json")).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => (new HttpMethod(operation.Name.ToUpperInvariant()), Hole.Replace(path.Name, "1")))),
    ];

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hole { get; }

    [GeneratedRegex(@"""#/components/schemas/(?<name>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"^(put|post) .*(?<!/simulate)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Orders { get; }
}
