using System.IO.Compression;
using System.Net;
using System.Text;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Sandbox;

public sealed class ChaosProxyTests
{
    private const string Answer = """{"pong":1}""";

    [Fact]
    public async Task What_is_spared_passes_unchanged_on_one_connection()
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        await using var proxy = Start(server, null);
        using var client = new HttpClient();

        var first = await PostAsync(client, proxy, "one");
        var second = await PostAsync(client, proxy, "two");

        Assert.Equal((HttpStatusCode.OK, Answer), first);
        Assert.Equal(first, second);
        Assert.Equal(["one", "two"], server.Requests.Select(request => request.BodyText));
        Assert.Equal([new ChaosExchange(0, "/api/ping", null), new ChaosExchange(1, "/api/ping", null)], proxy.Exchanges);
    }

    [Fact]
    public async Task Answers_in_chunks_and_answers_that_end_with_the_connection_pass_too()
    {
        await using var server = RawServer.Start(RawServer.Broken("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n"));
        await using var proxy = Start(server, null);
        using var client = new HttpClient();

        Assert.Equal((HttpStatusCode.OK, """{"a":1}"""), await PostAsync(client, proxy));
        server.Behave(RawServer.Broken("HTTP/1.1 200 OK\r\n\r\nto the end"));
        Assert.Equal((HttpStatusCode.OK, "to the end"), await PostAsync(client, proxy));
    }

    [Fact]
    public async Task A_request_that_is_cut_never_arrives_whole()
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        await using var proxy = Start(server, new Trouble.CutRequest(90));
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, proxy, new string('x', 200)));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task An_answer_that_is_cut_was_worked_for(int bytes)
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer, "X-Long: " + new string('y', 100)));
        await using var proxy = Start(server, new Trouble.CutAnswer(bytes));
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, proxy));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_request_may_be_swallowed_or_passed_on_twice()
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        await using (var proxy = Start(server, new Trouble.BlackHole()))
        {
            using var impatient = new HttpClient { Timeout = TimeSpan.FromMilliseconds(300) };
            await Assert.ThrowsAsync<TaskCanceledException>(() => PostAsync(impatient, proxy));
            Assert.Empty(server.Requests);
        }

        await using var twice = Start(server, new Trouble.Twice());
        using var client = new HttpClient();
        Assert.Equal((HttpStatusCode.OK, Answer), await PostAsync(client, twice));
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Another_answer_is_given_whether_or_not_it_was_worked_for(bool isPassedOn, int requests)
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        await using var proxy = Start(server, new Trouble.Instead(CannedAnswer.TooMany(7), isPassedOn));
        using var client = new HttpClient();

        using var answer = await client.PostAsync(new Uri(proxy.Url, "api/ping"), new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(429, (int)answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task A_success_is_told_only_of_what_was_one()
    {
        Trouble[] successes = [new Trouble.Instead(new CannedAnswer(204), IsPassedOn: true), new Trouble.Flood(1_000), new Trouble.Flood(1_000, IsZipped: true)];
        foreach (var success in successes)
        {
            await using var server = RawServer.Start(RawServer.Json(502, "{}"));
            await using var proxy = Start(server, success);
            using var client = new HttpClient();

            Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(client, proxy)).Status);
            server.Behave(RawServer.Json(200, Answer));
            Assert.InRange((int)(await PostAsync(client, proxy)).Status, 200, 204);
        }
    }

    [Fact]
    public async Task A_flood_has_its_length_and_a_zipped_one_is_a_thousandth()
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        using var client = new HttpClient();
        await using var flooding = Start(server, new Trouble.Flood(3_000_000));
        Assert.Equal(3_000_002, (await PostAsync(client, flooding)).Body.Length);

        await using var bombing = Start(server, new Trouble.Flood(3_000_000, IsZipped: true));
        using var answer = await client.PostAsync(new Uri(bombing.Url, "api/ping"), new StringContent("{}"), TestContext.Current.CancellationToken);
        var zipped = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.InRange(zipped.Length, 1, 3_500);
        await using var unzipping = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        using var unzipped = new MemoryStream();
        await unzipping.CopyToAsync(unzipped, TestContext.Current.CancellationToken);
        Assert.Equal(3_000_000, unzipped.Length);
    }

    [Fact]
    public async Task A_dripping_answer_arrives_whole_in_the_end()
    {
        await using var server = RawServer.Start(RawServer.Json(200, Answer));
        await using var proxy = Start(server, new Trouble.Drip(TimeSpan.FromMilliseconds(1)));
        using var client = new HttpClient();

        Assert.Equal((HttpStatusCode.OK, Answer), await PostAsync(client, proxy));
    }

    [Fact]
    public void A_plan_repeats_itself_by_its_seed_hits_its_share_and_knows_every_trouble()
    {
        var plan = new ChaosPlan(7) { Doubles = true, Share = 0.25 };

        var chosen = Enumerable.Range(0, 20_000).Select(number => plan.Choose(number, "/api/notes/create")).ToArray();

        Assert.Equal(chosen.Take(500).Select(Words), Again(seed: 7));
        Assert.NotEqual(chosen.Take(500).Select(Words), Again(seed: 8));
        Assert.InRange(chosen.Count(trouble => trouble is not null), 4_600, 5_400);
        Assert.Equal(7, chosen.OfType<Trouble>().Select(trouble => trouble.GetType()).Distinct().Count());
        Assert.DoesNotContain(Enumerable.Range(0, 2_000), number => new ChaosPlan(7).Choose(number, "x") is Trouble.Twice);
        Assert.DoesNotContain(Enumerable.Range(0, 2_000), number => new ChaosPlan(7) { Paths = "/api/notes/*" }.Choose(number, "/api/i") is not null);
    }

    /// <summary>Else a rule's post would be missing, or there twice, by no fault of the engine.</summary>
    [Fact]
    public void A_plan_tells_no_lie_about_what_was_done()
    {
        var answers = Enumerable.Range(0, 20_000).Select(number => new ChaosPlan(3) { Share = 1 }.Choose(number, "x")).OfType<Trouble.Instead>().ToArray();

        Assert.All(answers.Where(answer => answer.Answer.Status < 300), answer => Assert.True(answer.IsPassedOn));
        Assert.All(answers.Where(answer => answer.Answer.Status == 429), answer => Assert.False(answer.IsPassedOn));
        Assert.DoesNotContain(answers, answer => answer.Answer.Status is >= 300 and < 500 and not 429);
        Assert.Contains(answers, answer => answer is { Answer.Status: 502, IsPassedOn: true });
        Assert.Contains(answers, answer => answer is { Answer.Status: 502, IsPassedOn: false });
    }

    private static IEnumerable<string?> Again(int seed) =>
        Enumerable.Range(0, 500).Select(number => Words(new ChaosPlan(seed) { Doubles = true, Share = 0.25 }.Choose(number, "/api/notes/create")));

    private static string? Words(Trouble? trouble) => trouble?.ToString();

    private static ChaosProxy Start(RawServer server, Trouble? trouble) => ChaosProxy.Start(server.Address, (_, _) => trouble, TimeProvider.System);

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient client, ChaosProxy proxy, string body = "{}")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await client.PostAsync(new Uri(proxy.Url, "api/ping"), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
