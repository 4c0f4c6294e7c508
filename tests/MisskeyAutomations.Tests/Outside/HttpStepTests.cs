using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Tests.BuiltInActions;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Outside;

public sealed class HttpStepTests
{
    [Fact]
    public async Task A_mapping_is_sent_as_JSON_and_the_answer_is_kept()
    {
        await using var rig = CallRig.Start(RawServer.Json(201, """{"sky":"clear","list":[1]}""", "X-Kind: good"));
        var intent = rig.Prepare(rig.Address(), ("body", Some.Json("""{"text":"\u00e9 <b>","n":1}""")));

        var done = Assert.IsType<ActionOutcome.Done>(await rig.SendAsync(intent));

        var request = Assert.Single(rig.Server.Requests);
        Assert.StartsWith("POST /a HTTP/1.1", request.Head, StringComparison.Ordinal);
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal("key-1", request.Header("Idempotency-Key"));
        Assert.Equal("""{"text":"é <b>","n":1}""", request.BodyText);
        Assert.Null(request.Header("Authorization"));
        Assert.Equal(201, done.Answer!.Value.GetProperty("status").GetInt32());
        Assert.Equal("clear", done.Answer.Value.GetProperty("body").GetText("sky"));
        Assert.Equal("good", done.Answer.Value.GetProperty("headers").GetText("x-kind"));
        Assert.Equal((Repeat.Natural, rig.Server.Address.GetLeftPart(UriPartial.Authority)), (intent.Repeat, intent.Endpoint));
    }

    [Fact]
    public async Task A_text_is_sent_as_it_is_and_without_a_body_it_is_a_GET()
    {
        await using var rig = CallRig.Start(RawServer.Answer(200, "plain", "Content-Type: text/plain"));

        await rig.SendAsync(rig.Prepare(rig.Address(), ("body", Some.Text("hi"))));
        var done = Assert.IsType<ActionOutcome.Done>(await rig.SendAsync(rig.Prepare(rig.Address())));

        Assert.Equal(("text/plain; charset=utf-8", "hi"), (rig.Server.Requests[0].Header("Content-Type"), rig.Server.Requests[0].BodyText));
        Assert.StartsWith("GET /a ", rig.Server.Requests[1].Head, StringComparison.Ordinal);
        Assert.Equal("plain", done.Answer!.Value.GetText("body"));
    }

    [Theory]
    [InlineData(400, typeof(ActionOutcome.Rejected), "HTTP 400")]
    [InlineData(404, typeof(ActionOutcome.Rejected), "HTTP 404")]
    [InlineData(302, typeof(ActionOutcome.Rejected), "redirects are not followed")]
    [InlineData(500, typeof(ActionOutcome.Uncertain), "HTTP 500")]
    [InlineData(503, typeof(ActionOutcome.Uncertain), "HTTP 503")]
    public async Task A_status_decides(int status, Type outcome, string reason)
    {
        await using var rig = CallRig.Start(RawServer.Answer(status, "no", "Location: http://169.254.169.254/latest"));

        var became = await rig.SendAsync(rig.Prepare(rig.Address()));

        Assert.IsType(outcome, became);
        Assert.Contains(reason, MisskeyAutomations.Misskey.Reasons.Of(became), StringComparison.Ordinal);
        Assert.Single(rig.Server.Requests);
    }

    [Theory]
    [InlineData(429, "Retry-After: 7", 7)]
    [InlineData(503, "Retry-After: 90", 90)]
    [InlineData(429, "X: y", 30)]
    [InlineData(429, "Retry-After: 999999", 3600)]
    public async Task A_server_that_asks_for_patience_gets_it(int status, string header, int seconds)
    {
        await using var rig = CallRig.Start(RawServer.Answer(status, "", header));

        var limited = Assert.IsType<ActionOutcome.RateLimited>(await rig.SendAsync(rig.Prepare(rig.Address())));

        Assert.Equal(TimeSpan.FromSeconds(seconds), limited.RetryAfter);
    }

    [Fact]
    public async Task A_private_address_is_refused_with_what_to_do_about_it()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, "{}"), isOpen: false);

        var refused = Assert.IsType<ActionOutcome.Rejected>(await rig.SendAsync(rig.Prepare(rig.Address())));

        Assert.Equal("127.0.0.1 is this machine; rules call only public addresses. If it is meant, add '127.0.0.1' to http: allow: in the configuration.", refused.Reason);
        Assert.Equal(0, rig.Server.Connections);
    }

    [Fact]
    public async Task A_dead_connection_is_of_unknown_effect_and_a_refused_one_is_not_sent()
    {
        await using var rig = CallRig.Start(RawServer.Reset);
        var intent = rig.Prepare(rig.Address(), ("body", Some.Text("x")));

        var nobody = rig.Prepare(Some.Text($"http://127.0.0.1:{UnusedPort()}/"), ("body", Some.Text("x")));

        Assert.IsType<ActionOutcome.Uncertain>(await rig.SendAsync(intent));
        Assert.IsType<ActionOutcome.NotSent>(await rig.SendAsync(nobody));
    }

    [Fact]
    public async Task A_host_that_fails_again_and_again_is_left_alone()
    {
        await using var rig = CallRig.Start(RawServer.Answer(502, ""));
        for (var i = 0; i < 6; i++)
        {
            await rig.SendAsync(rig.Prepare(rig.Address()));
        }

        Assert.Equal(5, rig.Server.Requests.Count);
        Assert.Contains("left alone", Assert.IsType<ActionOutcome.NotSent>(await rig.SendAsync(rig.Prepare(rig.Address()))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_or_too_deep_is_not_parsed()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, $"\"{new string('x', 1024 * 1024)}\""));
        var tooLong = Assert.IsType<ActionOutcome.Done>(await rig.SendAsync(rig.Prepare(rig.Address())));
        rig.Server.Behave(RawServer.Json(200, string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40))));
        var tooDeep = Assert.IsType<ActionOutcome.Done>(await rig.SendAsync(rig.Prepare(rig.Address())));

        Assert.Equal(JsonValueKind.Null, tooLong.Answer!.Value.GetProperty("body").ValueKind);
        Assert.StartsWith("[[[[", tooDeep.Answer!.Value.GetText("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_break_in_a_header_begins_no_other_one()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, "{}"));
        var headers = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["X-Name"] = Some.Data("a\r\nX-Evil: 1") }));

        await rig.SendAsync(rig.Prepare(rig.Address(), ("headers", headers)));

        Assert.Equal("a  X-Evil: 1", Assert.Single(rig.Server.Requests).Header("X-Name"));
        Assert.Null(rig.Server.Requests[0].Header("X-Evil"));
    }

    private static int UnusedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task Text_that_is_not_public_needs_a_word_of_the_rule()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, "{}"));
        var input = Some.Input(Some.Event(), rig.Address(), ("body", Some.Json("""{"t":"x"}""", ValueMarks.Private)));

        Assert.Contains("allow-private", rig.Action.Prepare(input).SkipReason, StringComparison.Ordinal);
        Assert.IsType<Preparation.Ready>(rig.Action.Prepare(input with { AllowPrivate = true }));
    }
}
