using System.Net;
using System.Text;
using System.Text.Json;

namespace MisskeyAutomations.Tests.Webhooks;

public sealed class WebhookEndpointTests : IAsyncLifetime
{
    private const string Envelope = """{"hookId":"h1","userId":"u1","eventId":"361b7c78-e28d-4c5e-a6aa-afb32c3a32b6","createdAt":1795489414839,"type":"note","body":{}}""";

    private Door _door = null!;

    public static TheoryData<string> Payloads => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Payloads"), "*.json").Select(path => Path.GetFileName(path)!)];

    public async ValueTask InitializeAsync() => _door = await Door.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_answered_with_204_and_is_stored_byte_by_byte()
    {
        var answer = await _door.PostAsync(Envelope);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var stored = Assert.Single(await _door.StoredAsync());
        Assert.Equal(("alice", "h1", "361b7c78-e28d-4c5e-a6aa-afb32c3a32b6", "webhook", false), (stored.Account, stored.HookId, stored.EventId, stored.Source, stored.Scrubbed));
        Assert.Equal(Envelope, Encoding.UTF8.GetString(stored.Body.Span));
    }

    [Fact]
    public async Task All_recorded_requests_are_accepted_and_none_needs_scrubbing()
    {
        Assert.InRange(Payloads.Count, 160, int.MaxValue);
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Payloads)
        {
            using var recorded = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Payloads", row.Data), TestContext.Current.CancellationToken));
            var body = recorded.RootElement.GetProperty("bodyText").GetString()!;
            bodies.Add(body);

            var secret = row.Data.StartsWith("system-", StringComparison.Ordinal) ? Door.SystemSecret : Door.Secret;
            Assert.Equal((HttpStatusCode.NoContent, row.Data), ((await _door.PostAsync(body, secret: secret)).StatusCode, row.Data));
        }

        var stored = await _door.StoredAsync();
        Assert.Equal(bodies.Order(StringComparer.Ordinal), stored.Select(delivery => Encoding.UTF8.GetString(delivery.Body.Span)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(stored, delivery => delivery.Scrubbed);
    }

    [Fact]
    public async Task A_repeated_delivery_is_accepted_and_stored_once()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await _door.PostAsync(Envelope)).StatusCode);
        }

        Assert.Single(await _door.StoredAsync());
    }

    [Fact]
    public async Task Fifty_equal_deliveries_at_once_are_accepted_and_stored_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _door.PostAsync(Envelope)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        Assert.Single(await _door.StoredAsync());
    }

    [Fact]
    public async Task The_former_secret_is_accepted_during_a_rotation() =>
        Assert.Equal(HttpStatusCode.NoContent, (await _door.PostAsync(Envelope, secret: Door.FormerSecret)).StatusCode);

    [Fact]
    public async Task Unknown_accounts_and_wrong_or_missing_secrets_get_the_same_answer()
    {
        HttpResponseMessage[] answers =
        [
            await _door.PostAsync(Envelope, secret: "wrong"),
            await _door.PostAsync(Envelope, secret: null),
            await _door.PostAsync(Envelope, account: "nobody"),
            await _door.PostAsync(Envelope, account: "nobody", secret: null),
            await _door.PostAsync(Envelope, account: "bob"),
            await _door.PostAsync(Envelope, account: "%E7%B5%B5"),
            await _door.PostAsync("not even JSON", secret: "wrong"),
            await _door.PostAsync(new byte[200_000], secret: "wrong"),
        ];

        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var answer in answers)
        {
            answer.Headers.Date = null;
            texts.Add($"{(int)answer.StatusCode} {answer.Headers.ToString()} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}"
                .Replace("Connection: close", "", StringComparison.Ordinal).ReplaceLineEndings(""));
        }

        Assert.StartsWith("401 ", Assert.Single(texts), StringComparison.Ordinal);
        Assert.Empty(await _door.StoredAsync());
    }

    [Theory]
    [InlineData("/hooks/alice?X-Misskey-Hook-Secret=shhh-alice-0123456789", 401)]
    [InlineData("/hooks/alice?secret=shhh-alice-0123456789", 401)]
    [InlineData("/hooks/Alice", 401)]
    [InlineData("/hooks/", 404)]
    [InlineData("/hooks/alice/x", 404)]
    [InlineData("/hook/alice", 404)]
    public async Task No_other_address_opens_the_door(string path, int status)
    {
        using var content = new StringContent(Envelope);

        Assert.Equal(status, (int)(await _door.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("application/json", 204)]
    [InlineData("application/json; charset=utf-8", 204)]
    [InlineData("APPLICATION/JSON", 204)]
    [InlineData("application/json;boundary=x", 204)]
    [InlineData("application/json ; x", 204)]
    [InlineData(null, 204)]
    [InlineData("application/jsonp", 415)]
    [InlineData("application/json-seq", 415)]
    [InlineData("application/ld+json", 415)]
    [InlineData("text/json", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/octet-stream", 415)]
    [InlineData("*/*", 415)]
    [InlineData("json", 415)]
    public async Task Only_JSON_is_taken(string? contentType, int status) =>
        Assert.Equal(status, (int)(await _door.PostAsync(Envelope, contentType: contentType)).StatusCode);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("{} {}")]
    public async Task What_can_never_become_valid_is_refused_for_good(string body)
    {
        var answer = await _door.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("The body ", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await _door.StoredAsync());
    }

    [Theory]
    [InlineData("""{"type":"note"}""")]
    [InlineData("""{"eventId":5}""")]
    [InlineData("""{"eventId":""}""")]
    [InlineData("""{"eventId":"\u0000"}""")]
    public async Task A_delivery_without_a_usable_event_id_is_known_by_its_content(string body)
    {
        await _door.PostAsync(body);
        await _door.PostAsync(body);
        await _door.PostAsync(body + " ");

        var stored = await _door.StoredAsync();
        Assert.Equal(2, stored.Count);
        Assert.All(stored, delivery => Assert.StartsWith("sha256:", delivery.EventId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_that_must_be_scrubbed_are_accepted_flagged_and_kept_as_they_came()
    {
        byte[] body = [.. "{\"eventId\":\"e\",\"text\":\"\\ud800"u8, 0xFF, .. "\"}"u8];

        Assert.Equal(HttpStatusCode.NoContent, (await _door.PostAsync(body)).StatusCode);

        var stored = Assert.Single(await _door.StoredAsync());
        Assert.True(stored.Scrubbed);
        Assert.Equal(body, stored.Body.ToArray());
    }

    [Theory]
    [InlineData(10_000, false, 204)]
    [InlineData(100_000, true, 204)]
    [InlineData(1_048_576, false, 204)]
    [InlineData(1_048_576, true, 204)]
    [InlineData(1_048_577, false, 413)]
    [InlineData(1_048_577, true, 413)]
    [InlineData(5_000_000, false, 413)]
    public async Task A_mebibyte_is_the_largest_body(int length, bool isChunked, int status)
    {
        var body = "{\"a\":\"" + new string('x', length - 8) + "\"}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/alice") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Misskey-Hook-Secret", Door.Secret);
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = status == 413;

        Assert.Equal(status, (int)(await _door.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);

        Assert.Equal(status == 204 ? [length] : [], (await _door.StoredAsync()).Select(delivery => delivery.Body.Length));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_are_told_about_proxies_that_redirect(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/hooks/alice");

        var answer = await _door.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
        if (method != "HEAD")
        {
            Assert.Contains("proxy", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }
}
