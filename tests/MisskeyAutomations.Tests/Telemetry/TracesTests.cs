using System.Text;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Telemetry;

/// <summary>The program sends its traces to a collector beside it.</summary>
public sealed class TracesTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG ${note.said}
              - wait: 1s
              - react: 👍
        """;

    [Fact]
    public async Task An_event_is_one_trace_from_its_request_to_its_calls_and_tells_nothing_that_people_wrote()
    {
        await using var collector = await HookReceiver.StartAsync();
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        var alice = misskey.World.AddAccount("alice", "Alice");
        var environment = ProgramRun.EnvironmentOf(misskey.Url, alice.Token);
        environment["MISSKEYAUTOMATIONS__TELEMETRY__OTLP"] = new Uri(collector.Url).GetLeftPart(UriPartial.Authority);
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        var port = FreePort.Find();
        await using var program = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{port}");
        await program.StartedAsync();
        misskey.World.AddWebhook(alice, $"http://127.0.0.1:{port}/hooks/main", House.Secret, ["mention"]);

        misskey.World.Post(misskey.World.AddAccount("bob", "Very Bob"), "@alice confidential-words");

        await Eventually.HoldsAsync(() => Spans(collector).Count(span => span.Name == "run") >= 2 && Spans(collector).Any(span => span.Name == "POST notes/reactions/create"), "the spans arrive");
        var spans = Spans(collector);
        var request = Assert.Single(spans, span => span.Name == "POST /hooks/{account}");
        var decision = Assert.Single(spans, span => span.Name == "decide");
        var runs = spans.Where(span => span.Name == "run").OrderBy(span => span.Links.Count).ToArray();
        var step = Assert.Single(spans, span => span.Name == "step reply");
        var call = Assert.Single(spans, span => span.Name == "POST notes/create");
        Assert.Equal(("", request.SpanId, decision.SpanId, runs[0].SpanId, step.SpanId), (request.ParentId, decision.ParentId, runs[0].ParentId, step.ParentId, call.ParentId));
        Assert.All((SentSpan[])[decision, runs[0], step, call], span => Assert.Equal(request.TraceId, span.TraceId));
        Assert.Equal("pong", runs[0].Tags["misskey_automations.rule"]);
        Assert.Equal(("main", "done"), (call.Tags["misskey_automations.account"], call.Tags["misskey_automations.result"]));

        // What it did after the wait is a trace of its own that knows where it comes from.
        Assert.NotEqual(request.TraceId, runs[1].TraceId);
        Assert.Equal([request.TraceId], runs[1].Links);
        Assert.Equal(runs[1].TraceId, Assert.Single(spans, span => span.Name == "POST notes/reactions/create").TraceId);
        foreach (var secret in (string[])["confidential-words", "PONG", "Very Bob", alice.Token, House.Secret])
        {
            Assert.DoesNotContain(collector.All, arrival => Encoding.UTF8.GetString(arrival.Body).Contains(secret, StringComparison.Ordinal));
        }
    }

    private static List<SentSpan> Spans(HookReceiver collector) =>
        [.. collector.All.Where(arrival => arrival.Path == "/v1/traces").SelectMany(arrival => SpanReader.Read(arrival.Body))];
}
