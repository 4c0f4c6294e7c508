using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class OutcomeReaderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    /// <summary>Recorded from real servers: line by line, the answer and what is to be made of it.</summary>
    [Fact]
    public async Task Every_recorded_answer_gets_its_class()
    {
        var answers = await ReadRecordedAsync("answers.jsonl");
        var expected = (await ReadRecordedAsync("outcomes.cases")).Where(line => !line.StartsWith('#')).ToList();

        var actual = new List<string>();
        foreach (var line in answers)
        {
            using var recorded = JsonDocument.Parse(line);
            actual.Add(await DescribeAsync(recorded.RootElement));
        }

        Assert.Equal(99, expected.Count);
        Assert.Equal(expected.Select(Squeeze), actual.Select(Squeeze), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Every_refusal_is_told_in_a_sentence()
    {
        foreach (var line in await ReadRecordedAsync("answers.jsonl"))
        {
            using var recorded = JsonDocument.Parse(line);

            var reason = Reasons.Of(await ReadAsync(recorded.RootElement));

            Assert.Matches(@"^[\p{Lu}""@].*\S\.?$", reason);
            Assert.DoesNotContain('\n', reason);
        }
    }

    [Fact]
    public async Task A_missing_permission_names_the_permission_and_where_to_tick_it()
    {
        var outcome = await ReadAsync("following/create", 403, """{"error":{"code":"PERMISSION_DENIED","id":"1370e5b7-d4eb-4566-bb1d-7748ee6a1838","kind":"permission"}}""");

        Assert.Equal(
            new ActionOutcome.Rejected("PERMISSION_DENIED", "The account's token lacks the permission write:following. "
                + "Make a new one in Misskey under Settings > API and tick \"Follow or unfollow other accounts\" (write:following)."),
            outcome);
    }

    [Theory]
    [InlineData("""{"error":{"code":"PROCESSING","id":"3247052c-005d-4ccf-9d5a-7a2dc4d2c6b0"}}""", true)]
    [InlineData("""{"createdNote":{"id":"n1"}}""", false)]
    [InlineData("", false)]
    public async Task A_request_that_was_only_taken_is_not_done(string body, bool isAtWork) =>
        Assert.Equal(isAtWork, Assert.IsType<ActionOutcome.Uncertain>(await ReadAsync("notes/create", 202, body)).IsAtWork);

    /// <summary>Forks changed some ids; the code on the same endpoint counts then, and only there.</summary>
    [Theory]
    [InlineData("following/create", "ALREADY_FOLLOWING", "00000000-0000-0000-0000-000000000000", true)]
    [InlineData("following/create", "SOMETHING_ELSE", "35387507-38c7-4cb9-9197-300b93783fa0", true)]
    [InlineData("notes/delete", "NO_SUCH_NOTE", "490be23f-8c1f-4796-819f-94cb4f9d1630", true)]
    [InlineData("notes/reactions/create", "NO_SUCH_NOTE", "033d0620-5bfe-4027-965d-980b0c85a3ea", false)]
    [InlineData("following/update", "NOT_FOLLOWING", "b8dc75cf-1cb5-46c9-b14b-5f1ffbd782c9", false)]
    public async Task What_is_so_already_is_known_by_id_first_and_code_second(string endpoint, string code, string id, bool isSo)
    {
        var outcome = await ReadAsync(endpoint, 400, $$$"""{"error":{"code":"{{{code}}}","id":"{{{id}}}"}}""");

        Assert.Equal(isSo, outcome is ActionOutcome.Done { Already: true });
    }

    [Theory]
    [InlineData("7", 0, null, 7)]
    [InlineData("7", 90, null, 90)]
    [InlineData("90", 7, null, 90)]
    [InlineData(null, 12.5, null, 12.5)]
    [InlineData(null, 0, null, 1)]
    [InlineData("0", 0, null, 1)]
    [InlineData("-5", -5, null, 1)]
    [InlineData("99999999", 0, null, 3600)]
    [InlineData(null, 9e15, null, 3600)]
    [InlineData("Fri, 15 Jan 2027 08:01:00 GMT", 0, null, 60)]
    [InlineData("nonsense", 0, null, 1)]
    [InlineData(null, 90, -600, 690)] // The server's clock is ten minutes behind ours: its own clock counts.
    public async Task Patience_is_the_later_of_both_deadlines(string? retryAfter, double resetAfter, int? serverClock, double seconds)
    {
        var reset = resetAfter == 0 ? "" : $$""","info":{"resetMs":{{(Now.ToUnixTimeMilliseconds() + (resetAfter * 1000)).ToString("R", CultureInfo.InvariantCulture)}}}""";
        using var response = Response(429, $$$"""{"error":{"code":"RATE_LIMIT_EXCEEDED","id":"d5826d14-3982-4d2e-8011-b9e9f02499ef"{{{reset}}}}}""");
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        response.Headers.Date = serverClock is { } offset ? Now.AddSeconds(offset) : null;

        var outcome = await ReadAsync("notes/create", response);

        Assert.Equal(new ActionOutcome.RateLimited(TimeSpan.FromSeconds(seconds)), outcome);
    }

    [Theory]
    [InlineData(429, "<html>", "text/html")]
    [InlineData(429, "", null)]
    [InlineData(400, """{"error":{"code":"BRIEF_REQUEST_INTERVAL","id":"x"}}""", "application/json")]
    public async Task Every_way_to_say_not_now_is_a_rate_limit(int status, string body, string? type)
    {
        Assert.IsType<ActionOutcome.RateLimited>(await ReadAsync("notes/create", status, body, type));
    }

    /// <summary>The status says that the work is done, even where the answer is of no use.</summary>
    [Theory]
    [InlineData(204, "", null)]
    [InlineData(200, "", null)]
    [InlineData(200, "{", "application/json")]
    [InlineData(200, "[1,2]", "application/json")]
    [InlineData(200, "ok", "text/plain")]
    [InlineData(200, "{\"a\":\"\\ud800\"}", "application/json")]
    public async Task Success_is_success_whatever_the_body(int status, string body, string? type)
    {
        Assert.IsType<ActionOutcome.Done>(await ReadAsync("notes/create", status, body, type));
    }

    /// <summary>Anything may have happened behind a proxy that answers itself.</summary>
    [Theory]
    [InlineData(200, "<!doctype html><title>Log in to the hotel's network</title>", "text/html")]
    [InlineData(200, "\uFEFF  <html>", "application/octet-stream")]
    [InlineData(403, "<html>Are you human?</html>", "text/html")]
    [InlineData(404, "404 page not found", "text/plain")]
    [InlineData(408, "", null)]
    [InlineData(500, """{"error":{"code":"INTERNAL_ERROR","id":"5d37dbcb-891e-41ca-a3d6-e690c97775ac"}}""", "application/json")]
    [InlineData(502, "<html>Bad Gateway</html>", "text/html")]
    [InlineData(503, "", null)]
    [InlineData(504, "", null)]
    [InlineData(522, "error code: 522", "text/plain")]
    [InlineData(303, "", null)]
    public async Task What_may_have_been_done_is_uncertain(int status, string body, string? type)
    {
        Assert.IsType<ActionOutcome.Uncertain>(await ReadAsync("notes/create", status, body, type));
    }

    [Theory]
    [InlineData(413, """{"statusCode":413,"code":"FST_ERR_CTP_BODY_TOO_LARGE","error":"Payload Too Large","message":"Request body is too large"}""", "application/json", "HTTP_413")]
    [InlineData(413, "<html>Request Entity Too Large</html>", "text/html", "HTTP_413")]
    [InlineData(415, """{"statusCode":415,"code":"FST_ERR_CTP_INVALID_MEDIA_TYPE","error":"Unsupported Media Type","message":"Unsupported Media Type"}""", "application/json", "HTTP_415")]
    [InlineData(400, """{"statusCode":400,"error":"Bad Request","message":"Unexpected token"}""", "application/json", "HTTP_400")]
    public async Task What_no_repetition_can_mend_is_rejected(int status, string body, string type, string code)
    {
        Assert.Equal(code, Assert.IsType<ActionOutcome.Rejected>(await ReadAsync("notes/create", status, body, type)).Code);
    }

    private static async Task<string[]> ReadRecordedAsync(string name) =>
        await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Misskey", "Recorded", name), TestContext.Current.CancellationToken);

    private static string Squeeze(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<string> DescribeAsync(JsonElement recorded)
    {
        var error = recorded.GetProperty("response") is { ValueKind: JsonValueKind.Object } response && response.GetProperty("error") is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("code").GetString() : "-";
        return $"{recorded.GetProperty("endpoint").GetString()} {recorded.GetProperty("status").GetInt32()} {error} => {Describe(await ReadAsync(recorded))}";
    }

    /// <summary>An outcome in a word or two.</summary>
    internal static string Describe(ActionOutcome outcome) => outcome switch
    {
        ActionOutcome.Done { Already: true } => "Done already",
        ActionOutcome.Rejected rejected => $"Rejected {rejected.Code}",
        ActionOutcome.AccountRefused refused => $"AccountRefused {refused.Code}",
        ActionOutcome.RateLimited limited => $"RateLimited {limited.RetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}",
        ActionOutcome.Uncertain { IsAtWork: true } => "Uncertain at work",
        var other => other.GetType().Name,
    };

    private static async Task<ActionOutcome> ReadAsync(JsonElement recorded)
    {
        var body = recorded.GetProperty("response");
        using var response = Response(recorded.GetProperty("status").GetInt32(), body.ValueKind == JsonValueKind.Null ? "" : body.GetRawText());
        foreach (var header in recorded.GetProperty("headers").EnumerateObject().Where(header => header.NameEquals("retry-after")))
        {
            response.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        }

        return await ReadAsync(recorded.GetProperty("endpoint").GetString()!, response);
    }

    private static async Task<ActionOutcome> ReadAsync(string endpoint, int status, string body, string? type = "application/json")
    {
        using var response = Response(status, body, type);
        return await ReadAsync(endpoint, response);
    }

    /// <summary>What is made of an answer, at a fixed time.</summary>
    internal static async Task<ActionOutcome> ReadAsync(string endpoint, HttpResponseMessage response) => OutcomeReader.Read(
        endpoint, await MisskeyAnswer.ReadAsync(response, new FakeTimeProvider(Now), TestContext.Current.CancellationToken), Now);

    private static HttpResponseMessage Response(int status, string body, string? type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }
}
