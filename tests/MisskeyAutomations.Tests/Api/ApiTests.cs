using System.Net;
using System.Text.Json;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Api;

/// <summary>What programs see and order over the API of a running engine.</summary>
public sealed class ApiTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            when: contains(note.said, 'ping')
            do:
              - reply: PONG!
          - name: later
            on: mention
            when: contains(note.said, 'later')
            after: 1h
            do:
              - reply: it is later
        """;

    [Fact]
    public async Task An_event_is_found_with_its_verdicts_its_run_and_the_request_that_was_sent()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        await PostAsync(api.House, "@alice PING おはよう");

        var list = await api.GetAsync("/api/v1/events?type=mention&text=おはよう");
        var listed = Assert.Single(list.GetProperty("events").EnumerateArray());
        var story = await api.GetAsync($"/api/v1/events/{listed.GetProperty("number")}");
        var run = Assert.Single(story.GetProperty("runs").EnumerateArray());
        var step = (await api.GetAsync($"/api/v1/runs/{run.GetProperty("id")}")).GetProperty("steps")[0];

        Assert.Equal(("bob", "@alice PING おはよう", "planned"), (Text(listed, "who"), Text(listed, "excerpt"), Text(listed, "state")));
        Assert.Equal("@alice PING おはよう", story.GetProperty("payload").GetProperty("body").GetProperty("note").GetProperty("text").GetString());
        var verdicts = story.GetProperty("event").GetProperty("verdicts").EnumerateArray().ToDictionary(verdict => Text(verdict, "rule")!);
        Assert.True(verdicts["pong"].GetProperty("runs").GetBoolean());
        Assert.Equal(("when", "contains(note.said, 'later') = false (note.said = 'ping おはよう')"), (Text(verdicts["later"], "gate"), Text(verdicts["later"], "because")!.ToLowerInvariant()));
        Assert.Equal(("succeeded", "pong"), (Text(run, "state"), Text(run, "rule")));
        Assert.Equal(("done", 1, true), (Text(step, "state"), step.GetProperty("attempts").GetInt32(), step.GetProperty("hadEffect").GetBoolean()));
        Assert.Equal(("notes/create", "PONG!"), (Text(step.GetProperty("request"), "endpoint"), Text(step.GetProperty("request").GetProperty("body"), "text")));
        Assert.NotNull(Text(step.GetProperty("answer"), "id"));
        Assert.True(step.GetProperty("beganAt").GetDateTimeOffset() <= step.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_doubling_or_leaving_any_out()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        for (var i = 0; i < 7; i++)
        {
            api.House.World.Post(api.House.Owner, $"note {i}");
        }

        await api.House.RestAsync();
        var (seen, cursor) = (new List<long>(), "");
        do
        {
            var page = await api.GetAsync($"/api/v1/events?limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("events").EnumerateArray().Select(recorded => recorded.GetProperty("number").GetInt64()));
            cursor = Text(page, "nextCursor");
        }
        while (cursor is not null);

        Assert.Equal(api.House.Ledger.Deliveries().Select(delivery => delivery.Id).OrderDescending(), seen);
    }

    [Fact]
    public async Task What_was_done_is_counted_and_the_rules_know_it()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        await PostAsync(api.House, "@alice ping");

        var overview = await api.GetAsync("/api/v1/overview");
        var rule = (await api.GetAsync("/api/v1/rules")).EnumerateArray().Single(rule => Text(rule, "name") == "pong");
        foreach (var (by, steps) in ((string, int)[])[("minute", 60), ("hour", 24), ("day", 7)])
        {
            var chart = await api.GetAsync($"/api/v1/activity?by={by}&zone=Asia/Tokyo");
            var sums = chart.GetProperty("accounts").GetProperty("main");

            Assert.Equal((steps, steps), (chart.GetProperty("begins").GetArrayLength(), sums.GetArrayLength()));
            Assert.Equal(1, sums.EnumerateArray().Sum(step => step.GetProperty("sent").GetInt64()));
            Assert.Equal(2, sums.EnumerateArray().Sum(step => step.GetProperty("events").GetInt64()));
        }

        var notes = overview.GetProperty("accounts")[0].GetProperty("budgets").EnumerateArray().Single(budget => Text(budget, "name") == "notes");
        Assert.Equal((1, 60, 3600), (notes.GetProperty("used").GetInt32(), notes.GetProperty("limit").GetInt32(), notes.GetProperty("withinSeconds").GetDouble()));
        Assert.Equal((1, 1), (rule.GetProperty("day").GetProperty("succeeded").GetInt32(), rule.GetProperty("week").GetProperty("sent").GetInt32()));
        Assert.Equal(("enabled", "rules.yaml", 2), (Text(rule, "mode"), Text(rule, "file"), rule.GetProperty("line").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, rule.GetProperty("lastFiredAt").ValueKind);
    }

    [Fact]
    public async Task An_event_is_simulated_and_nothing_is_sent()
    {
        await using var api = await ApiHouse.OpenAsync("""
            rules:
              - name: never
                on: mention
                when: contains(note.said, 'zzz')
                do: [{ reply: no }]
            """);
        var number = await PostAsync(api.House, "@alice ping");
        api.House.WriteRules("""
            rules:
              - name: known
                on: mention
                when: user.followersCount > 10
                do: [{ reply: "${state('count')}" }]
            """);
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/api/v1/rules")).EnumerateArray().Any(rule => Text(rule, "name") == "known"), "the rule is in force");

        var unknown = await api.OrderAsync($"/api/v1/events/{number}/simulate");
        var answer = await api.OrderAsync($"/api/v1/events/{number}/simulate", """{"lookups":{"users/show":{"followersCount":20}},"state":{"count":3}}""");

        Assert.Equal(["users/show"], unknown.GetProperty("missing").EnumerateArray().Select(missing => missing.GetString()));
        Assert.Equal("users/show", Text(unknown.GetProperty("rules")[0].GetProperty("needs"), "endpoint"));
        var step = answer.GetProperty("rules")[0].GetProperty("steps")[0];
        Assert.Equal(("notes/create", "3"), (Text(step.GetProperty("request"), "endpoint"), Text(step.GetProperty("request").GetProperty("body"), "text")));
        Assert.Empty(api.House.Calls("notes/create"));
    }

    [Fact]
    public async Task An_event_happens_once_more_under_the_rules_in_force()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        var number = await PostAsync(api.House, "@alice ping");

        var kept = await api.OrderAsync($"/api/v1/events/{number}/replay");
        var doubled = await api.OrderAsync($"/api/v1/events/{number}/replay", """{"rules":["pong"],"again":true}""");
        await Eventually.HoldsAsync(() => api.House.Calls("notes/create").Count == 2, "it is answered once more");

        Assert.Equal((0, "pong"), (kept.GetProperty("runs").GetArrayLength(), kept.GetProperty("leftOut")[0].GetString()));
        var replay = await api.GetAsync($"/api/v1/events/{doubled.GetProperty("number")}");
        Assert.Equal(number, replay.GetProperty("event").GetProperty("replayOf").GetInt64());
    }

    [Fact]
    public async Task Waiting_runs_are_listed_and_ended()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        await PostAsync(api.House, "@alice later");

        var run = Assert.Single((await api.GetAsync("/api/v1/runs?state=waiting&waitsFor=after&rule=later")).GetProperty("runs").EnumerateArray());
        var done = await api.OrderAsync($"/api/v1/runs/{run.GetProperty("id")}/cancel");

        Assert.NotEqual(JsonValueKind.Null, run.GetProperty("dueAt").ValueKind);
        Assert.Equal("It has ended.", Text(done, "done"));
        Assert.Equal(0, (await api.GetAsync("/api/v1/runs?state=waiting")).GetProperty("runs").GetArrayLength());
        Assert.Equal("cancelled", Text(await api.GetAsync($"/api/v1/runs/{run.GetProperty("id")}"), "state"));
    }

    [Fact]
    public async Task A_failed_run_is_repeated_and_an_uncertain_step_settled()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        api.House.Misskey.Inject("notes/create", Fault.RefuseWith(400, "NOT_NOW"));
        await PostAsync(api.House, "@alice ping");
        var failed = Assert.Single((await api.GetAsync("/api/v1/runs?state=failed")).GetProperty("runs").EnumerateArray()).GetProperty("id");

        await api.OrderAsync($"/api/v1/runs/{failed}/retry");
        await Eventually.HoldsAsync(() => api.House.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        api.House.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        api.House.World.Post(api.House.World.AddAccount("carol"), "@alice ping");
        await Eventually.HoldsAsync(() => api.House.Ledger.Runs().Any(run => run.WaitsFor == WaitReason.Uncertain), "the run waits for certainty");
        var uncertain = Assert.Single((await api.GetAsync("/api/v1/uncertain")).EnumerateArray());
        await api.OrderAsync($"/api/v1/runs/{uncertain.GetProperty("run")}/settle", """{"word":"there"}""");
        await Eventually.HoldsAsync(() => api.House.Ledger.Runs().All(run => run.State == RunState.Succeeded), "the run goes on");
    }

    [Fact]
    public async Task What_was_set_aside_is_given_up()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        Assert.Equal(HttpStatusCode.NoContent, await api.House.PostAsync("""{"type":"mention","eventId":"e1","createdAt":1,"server":"s","hookId":"h","body":{}}""".Replace(":1,", $":{api.House.Time.GetUtcNow().ToUnixTimeMilliseconds()},", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/api/v1/quarantine")).GetProperty("events").GetArrayLength() == 1, "it is set aside");
        var number = (await api.GetAsync("/api/v1/quarantine")).GetProperty("events")[0].GetProperty("number");

        await api.OrderAsync($"/api/v1/quarantine/events/{number}/drop");

        Assert.Equal(0, (await api.GetAsync("/api/v1/quarantine")).GetProperty("events").GetArrayLength());
        Assert.Equal("dropped", Text((await api.GetAsync($"/api/v1/events/{number}")).GetProperty("event"), "state"));
    }

    [Fact]
    public async Task Accounts_are_paused_and_everything_is_stopped_and_let_go()
    {
        await using var api = await ApiHouse.OpenAsync(Pong);
        await api.OrderAsync("/api/v1/accounts/main/pause");
        await api.OrderAsync("/api/v1/panic", """{"on":true}""", HttpMethod.Put);
        api.House.World.Post(api.House.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => api.House.Ledger.Runs() is [{ WaitsFor: WaitReason.Hold }], "the run is held");
        var stopped = await api.GetAsync("/api/v1/overview");

        await api.OrderAsync("/api/v1/panic", """{"on":false}""", HttpMethod.Put);
        await api.OrderAsync("/api/v1/accounts/main/resume");
        await Eventually.HoldsAsync(() => api.House.Ledger.Runs() is [{ State: RunState.Succeeded }], "it goes on");

        Assert.Equal((true, "paused", "hold"), (
            stopped.GetProperty("isPanic").GetBoolean(), Text(stopped.GetProperty("accounts")[0], "hold"), Text(stopped.GetProperty("waits")[0], "for")));
        Assert.Equal("none", Text((await api.GetAsync("/api/v1/accounts"))[0], "hold"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    // The number of the mention that was posted, once all is done that comes of it.
    private static async Task<long> PostAsync(House house, string text)
    {
        house.World.Post(house.World.FindAccount("bob") ?? house.World.AddAccount("bob"), text);
        await house.RestAsync();
        return house.Ledger.Deliveries().Last(delivery => delivery.Type == "mention").Id;
    }
}
