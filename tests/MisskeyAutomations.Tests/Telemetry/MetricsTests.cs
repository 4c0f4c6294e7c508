using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Telemetry;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Telemetry;

/// <summary>The program as its operator runs it, with a scraper beside it.</summary>
public sealed partial class MetricsTests : IAsyncDisposable
{
    private const string Rules = "rules:\n  - name: pong\n    on: mention\n    limit: 5 per user per 1h\n    do:\n      - log: hello\n";

    private static readonly int Users = int.Parse(Environment.GetEnvironmentVariable("MKA_USERS") ?? "400", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly long _begin = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly int _port = FreePort.Find();
    private readonly int _metricsPort = FreePort.Find();
    private string _me = "";

    [Fact]
    public async Task Prometheus_reads_every_metric_and_people_add_none()
    {
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        await using var program = await StartAsync(misskey, new() { ["MISSKEYAUTOMATIONS__TELEMETRY__PROMETHEUS"] = $"127.0.0.1:{_metricsPort}" });

        await PostAsync(from: 0, to: 20);
        var few = await ScrapeUntilAsync(decided: 20);
        await PostAsync(from: 20, Users);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(1, secret: "wrong-wrong-wrong-wrong"));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(1));
        var many = await ScrapeUntilAsync(decided: Users);

        // Since the first look came what was refused and what was known, and perhaps calls; people do not show.
        var added = many.Series.Keys.Except(few.Series.Keys).Where(series => series.StartsWith("misskey_", StringComparison.Ordinal) && !series.StartsWith("misskey_automations_call_", StringComparison.Ordinal));
        Assert.Equal(2, added.Count());
        Assert.Equal(Users, many.Sum("misskey_automations_deliveries_total", ("account", "main"), ("source", "webhook"), ("result", "received")));
        Assert.Equal(1, many.Sum("misskey_automations_deliveries_total", ("account", "main"), ("result", "duplicate")));
        Assert.Equal(1, many.Sum("misskey_automations_deliveries_total", ("account", "main"), ("result", "refused"), ("reason", "secret")));
        Assert.Equal(Users, many.Sum("misskey_automations_runs_total", ("rule", "pong"), ("state", "succeeded")));
        Assert.Equal(0, many.Sum("misskey_automations_panic"));
        Assert.Equal(1, many.Sum("misskey_automations_store_writable"));
        Assert.Equal(1, many.Sum("misskey_automations_rules_in_force"));
        Assert.True(many.Sum("misskey_automations_call_duration_seconds_count", ("endpoint", "i"), ("result", "done")) >= 1);
        Assert.True(many.Sum("misskey_automations_store_size_bytes") > 0);
        Assert.True(many.Sum("misskey_automations_account_last_event_seconds", ("account", "main")) > 1_700_000_000);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", many.Families);

        // What happened to nobody yet is not there yet.
        string[] rare = ["misskey_automations_rules_reloads_total", "misskey_automations_alerts_total", "misskey_automations_outside_call_duration_seconds", "misskey_automations_alarm_lateness_seconds", "misskey_automations_runs_waiting"];
        Assert.Empty(MetricTable.All.Select(metric => metric.PrometheusName).Except(rare).Except(many.Families));
        Assert.All(many.Families.Where(family => family.StartsWith("misskey_", StringComparison.Ordinal)), family => Assert.Contains(family, MetricTable.All.Select(metric => metric.PrometheusName)));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri($"http://127.0.0.1:{_port}/metrics"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri($"http://127.0.0.1:{_metricsPort}/readyz"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("Bearer 0123456789abcdef", HttpStatusCode.OK)]
    [InlineData("bearer 0123456789abcdef", HttpStatusCode.OK)]
    [InlineData("Bearer 0123456789abcdeF", HttpStatusCode.NotFound)]
    [InlineData("Basic 0123456789abcdef", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.NotFound)]
    public async Task At_the_address_of_the_webhooks_there_are_no_metrics_without_the_key(string authorization, HttpStatusCode expected)
    {
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        await using var program = await StartAsync(misskey, new() { ["MISSKEYAUTOMATIONS__TELEMETRY__METRICS_KEY"] = "0123456789abcdef" });

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{_port}/metrics"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        using var nothing = await _http.GetAsync(new Uri($"http://127.0.0.1:{_port}/nothing"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.NotFound)
        {
            Assert.Equal(await nothing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(nothing.Headers.Select(header => header.Key), answer.Headers.Select(header => header.Key));
        }
    }

    [Fact]
    public void The_example_of_alert_rules_asks_for_metrics_that_there_are()
    {
        var text = File.ReadAllText(Path.Combine(Architecture.SourceFiles.Root, "docs/operating/prometheus-rules.yaml"));

        var asked = OwnName.Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToArray();

        Assert.InRange(asked.Length, 8, int.MaxValue);
        Assert.Empty(asked.Except(Series.Keys));
        _ = new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<object>(text);
    }

    [Fact]
    public void The_dashboard_for_Grafana_asks_for_metrics_and_labels_that_there_are()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Architecture.SourceFiles.Root, "docs/operating/grafana-dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        string[] expressions = [.. panels.Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(expressions, expression =>
        {
            string[] names = [.. OwnName.Matches(expression).Select(match => match.Value)];
            string[] labels = [.. names.Where(Series.ContainsKey).SelectMany(name => Series[name]), "instance", "le"];
            Assert.NotEmpty(names);
            Assert.Empty(names.Except(Series.Keys));
            Assert.Empty(Label.Matches(expression).SelectMany(match => match.Groups["label"].Captures).Select(label => label.Value).Except(labels));
        });
        Assert.All(MetricTable.All, metric => Assert.Contains(expressions, expression => expression.Contains(metric.PrometheusName, StringComparison.Ordinal)));
    }

    // What Prometheus has of each metric, with its labels.
    private static Dictionary<string, string[]> Series { get; } = MetricTable.All.SelectMany(metric => (metric.Kind == MetricKind.Histogram
        ? (string[])[$"{metric.PrometheusName}_bucket", $"{metric.PrometheusName}_sum", $"{metric.PrometheusName}_count"] : [metric.PrometheusName])
        .Select(name => (name, metric.Labels))).ToDictionary(series => series.name, series => series.Labels, StringComparer.Ordinal);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ProgramRun> StartAsync(SandboxServer misskey, Dictionary<string, string> environment)
    {
        _folder.Write("rules/rules.yaml", Rules);
        var alice = misskey.World.AddAccount("alice", "Alice");
        _me = alice.Id;
        foreach (var (name, value) in ProgramRun.EnvironmentOf(misskey.Url, alice.Token))
        {
            environment[name] = value;
        }

        var program = ProgramRun.Start(_folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{_port}");
        await program.StartedAsync();
        return program;
    }

    private async Task<Exposition> ScrapeUntilAsync(int decided)
    {
        Exposition? read = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                read = Exposition.Read(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{_metricsPort}/metrics"), TestContext.Current.CancellationToken));
                return read.Sum("misskey_automations_runs_total", ("rule", "pong"), ("state", "succeeded")) >= decided
                    && read.Sum("misskey_automations_call_duration_seconds_count", ("endpoint", "blocking/list")) > 0;
            },
            $"{decided} runs are counted");
        return read!;
    }

    private async Task PostAsync(int from, int to)
    {
        for (var user = from; user < to; user++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await PostAsync(user));
        }
    }

    // A mention by somebody whom nobody has ever heard of.
    private async Task<HttpStatusCode> PostAsync(int user, string secret = House.Secret)
    {
        var body = $$$"""
            {"server":"https://misskey.example","hookId":"a1","userId":"{{{_me}}}","eventId":"00000000-0000-4000-8000-{{{user:d12}}}","createdAt":{{{_begin}}},"type":"mention",
             "body":{"note":{"id":"n{{{user}}}","createdAt":"2026-11-29T00:00:00.000Z","text":"@alice hi","userId":"u{{{user}}}","visibility":"public","mentions":["{{{_me}}}"],
              "user":{"id":"u{{{user}}}","username":"user{{{user}}}","name":"x\"\n{{{user}}}","host":null,"isBot":false} } } }
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_port}/hooks/main")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Misskey-Hook-Secret", secret);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex("misskey_automations_[a-z_]+", RegexOptions.None, 1_000)]
    private static partial Regex OwnName { get; }

    [GeneratedRegex(@"by \((?<label>\w+)(, (?<label>\w+))*\)|[{ ](?<label>\w+)=~?""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Label { get; }
}
