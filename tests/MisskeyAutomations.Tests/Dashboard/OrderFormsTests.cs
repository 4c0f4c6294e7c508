using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>The pages of one event and one run, and what is ordered on them by their forms; a form that is no longer true does nothing twice.</summary>
public sealed class OrderFormsTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse battery";
    private const string Pong = "rules: [{ name: pong, on: mention, do: [{ reply: PONG! }, { react: 👍 }] }]";

    private House _house = null!;
    private Caller _browser = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync(Pong, start: false);
        _house.Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new Secret(Passphrase) };
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task A_waiting_run_is_ended_once()
    {
        await StartAsync(Pong.Replace("do:", "after: 1h, do:", StringComparison.Ordinal));
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Waiting }], "the run waits");

        await IsDoneAsync("/runs/1", "cancel");
        await IsTooLateAsync("/runs/1", "cancel", "It had ended before: this is how it stands now.");

        Assert.Equal(RunState.Cancelled, _house.Ledger.Runs().Single().State);
        Assert.Contains("cancelled", await _browser.Http.GetStringAsync("/runs/1", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_ended_while_it_is_at_work_says_so()
    {
        await StartAsync(Pong);
        _house.Misskey.Inject("notes/create", Fault.Delay(TimeSpan.FromSeconds(5)));
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Running }], "the run is at work");

        await IsDoneAsync("/runs/1", "cancel");
        var during = await _browser.Http.GetStringAsync("/runs/1", Token);
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Cancelled }], "it ends");

        Assert.Contains("at work; ends once its present step is over", during, StringComparison.Ordinal);
        Assert.Contains("It was ended.", during, StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/1/cancel", during, StringComparison.Ordinal);
        Assert.Empty(_house.Calls("notes/reactions/create"));
    }

    [Fact]
    public async Task A_run_tells_what_it_looked_up()
    {
        await StartAsync("""
            rules:
              - name: to-strangers
                on: mention
                when: not user.isFollowed
                do:
                  - react: 👋
            """);
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        await Eventually.HoldsAsync(async () => (await _browser.Http.GetStringAsync("/runs/1", Token)).Contains("users/relation", StringComparison.Ordinal), "it is told");
    }

    [Fact]
    public async Task A_failed_run_goes_on_once()
    {
        await StartAsync(Pong);
        _house.Misskey.Inject("notes/reactions/create", Fault.RefuseWith(400, "NOT_NOW"));
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Failed }], "the run fails");
        var failed = await _browser.Http.GetStringAsync("/runs/1", Token);

        await IsDoneAsync("/runs/1", "retry");
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");
        await IsTooLateAsync("/runs/1", "retry", "It has not failed: this is how it stands now.");

        Assert.Contains("notes/reactions/create", failed, StringComparison.Ordinal);
        Assert.Single(_house.Calls("notes/create"));
    }

    [Theory]
    [InlineData("There", 1)]
    [InlineData("Again", 2)]
    [InlineData("Drop", 1)]
    public async Task An_uncertain_step_is_settled_once(string what, int notes)
    {
        await StartAsync(Pong);
        _house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        var his = Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the run waits for certainty");

        await IsTooLateAsync("/runs/1", "settle", "Say whether it is there", new("step", "do[0]"), new("what", "Perhaps"));
        await IsDoneAsync("/runs/1", "settle", new("step", "do[0]"), new("what", what));
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");
        await IsTooLateAsync("/runs/1", "settle", "This step is not uncertain any more", new("step", "do[0]"), new("what", "Again"));

        Assert.Equal(notes, _house.World.RepliesTo(his).Count);
    }

    [Fact]
    public async Task An_event_happens_once_more_for_the_rules_that_may()
    {
        await StartAsync(Pong);
        var his = Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        using var left = await OrderAsync("/events/1", "replay");
        var page = await _browser.Http.GetStringAsync(left.Headers.Location, Token);
        using var acted = await OrderAsync("/events/1", "replay", new KeyValuePair<string, string>("withActed", "true"));
        await Eventually.HoldsAsync(() => _house.World.RepliesTo(his).Count == 2, "it answers again");

        Assert.Matches("^/events/\\d+\\?left=pong$", left.Headers.Location!.ToString());
        Assert.Contains("Not asked, since they did something about it already", page, StringComparison.Ordinal);
        Assert.Matches("^/events/\\d+$", acted.Headers.Location!.ToString());
    }

    [Fact]
    public async Task An_event_is_simulated_with_what_is_given_and_nothing_is_sent()
    {
        await StartAsync("rules: [{ name: pong, on: mention, when: \"user.followersCount > 10 and state('greeted') == null\", do: [{ reply: \"PONG ${user.name}!\" }] }]");
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Skipped }], "it is decided");
        var before = _house.Calls("users/show").Count;

        var asked = await SimulateAsync(HttpStatusCode.OK);
        var wrong = await SimulateAsync(HttpStatusCode.UnprocessableEntity, new KeyValuePair<string, string>("lookup:users/show", "{ <b>"));
        var given = await SimulateAsync(HttpStatusCode.OK, new KeyValuePair<string, string>("lookup:users/show", "{ \"followersCount\": 11 }"));
        var greeted = await SimulateAsync(
            HttpStatusCode.OK, new KeyValuePair<string, string>("lookup:users/show", "{ \"followersCount\": 11 }"), new("state:greeted", "true"));

        Assert.Contains("name=\"lookup:users/show\"", asked, StringComparison.Ordinal);
        Assert.Contains("cannot be decided further: it needs users/show", asked, StringComparison.Ordinal);
        Assert.Contains("users/show is no JSON, from line 1 on", wrong, StringComparison.Ordinal);
        Assert.Contains("{ &lt;b&gt;</textarea>", wrong, StringComparison.Ordinal);
        Assert.Contains("PONG bob!", given, StringComparison.Ordinal);
        Assert.DoesNotContain("would be done", greeted, StringComparison.Ordinal);
        Assert.Equal(before, _house.Calls("users/show").Count);
        Assert.Empty(_house.Calls("notes/create"));
    }

    [Fact]
    public async Task An_event_that_was_set_aside_is_not_simulated()
    {
        await StartAsync(Pong);
        await SetAsideAsync();

        await IsTooLateAsync("/events/1", "simulate", "It cannot be simulated: it is not decided yet, it was set aside");
        await IsTooLateAsync("/events/999", "simulate", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("retry", "is tried again and set aside again")]
    [InlineData("drop", "is given up")]
    public async Task An_event_that_was_set_aside_is_taken_up_or_given_up(string order, string what)
    {
        await StartAsync(Pong);
        await SetAsideAsync();

        await IsDoneAsync("/events/1", order);

        await Eventually.HoldsAsync(() => _house.Ledger.Deliveries().Single().State == (order == "drop" ? DeliveryState.Dropped : DeliveryState.Quarantined), what);
        if (order == "drop")
        {
            await IsTooLateAsync("/events/1", "drop", "It is not set aside any more: this is how it stands now.");
            await IsTooLateAsync("/events/1", "retry", "It is not set aside any more: this is how it stands now.");
            await IsTooLateAsync("/runs/999", "drop", HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task The_command_gives_up_what_the_page_would()
    {
        await StartAsync(Pong);
        await SetAsideAsync();

        var dropped = await ProgramRun.ToEndAsync(_house.Data, null, "quarantine", "drop", "event", "1", "--data", _house.Data);
        var again = await ProgramRun.ToEndAsync(_house.Data, null, "quarantine", "drop", "event", "1", "--data", _house.Data);
        var run = await ProgramRun.ToEndAsync(_house.Data, null, "quarantine", "drop", "run", "1", "--data", _house.Data, "--lang", "ja");

        Assert.Equal((0, "It is given up: no rule is asked about it.\n", ""), dropped);
        Assert.Equal(64, again.ExitCode);
        Assert.Equal(64, run.ExitCode);
        Assert.Equal(DeliveryState.Dropped, _house.Ledger.Deliveries().Single().State);
    }

    [Fact]
    public async Task A_form_of_another_session_is_not_taken()
    {
        await StartAsync(Pong);
        Post();
        await Eventually.HoldsAsync(() => _house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");
        using var other = new Caller(_house.Engine.Services.GetRequiredService<DashboardServer>());
        await other.SignInAsync(Passphrase);

        using var answer = await _browser.PostAsync("/events/1/replay", [.. await other.FormOfAsync("/events/1"), new("withActed", "true")]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Single(_house.Ledger.Runs());
    }

    private async Task StartAsync(string rules)
    {
        _house.WriteRules(rules);
        await _house.StartAsync();
        _house.AddWebhook();
        _browser = new(_house.Engine.Services.GetRequiredService<DashboardServer>());
        await _browser.SignInAsync(Passphrase);
    }

    private Note Post() => _house.World.Post(_house.World.AddAccount("bob"), "@alice ping");

    // A mention without a note can be no mention.
    private async Task SetAsideAsync()
    {
        var body = JsonSerializer.Serialize(new
        {
            server = _house.Misskey.Url,
            hookId = "h1",
            userId = _house.Owner.Id,
            eventId = "e1",
            createdAt = _house.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            type = "mention",
            body = new { note = (object?)null },
        });
        Assert.Equal(HttpStatusCode.NoContent, await _house.PostAsync(body));
        await Eventually.HoldsAsync(() => _house.Ledger.Deliveries() is [{ State: DeliveryState.Quarantined }], "it is set aside");
    }

    private async Task<HttpResponseMessage> OrderAsync(string path, string order, params KeyValuePair<string, string>[] fields) =>
        await _browser.PostAsync($"{path}/{order}", [.. await _browser.FormOfAsync("/settings"), .. fields]);

    private async Task<string> SimulateAsync(HttpStatusCode status, params KeyValuePair<string, string>[] fields)
    {
        using var answer = await OrderAsync("/events/1", "simulate", fields);
        Assert.Equal(status, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private async Task IsDoneAsync(string path, string order, params KeyValuePair<string, string>[] fields)
    {
        using var answer = await OrderAsync(path, order, fields);
        Assert.Equal((HttpStatusCode.Redirect, path), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    // The page as it is now, with what is wrong.
    private async Task IsTooLateAsync(string path, string order, string sentence = "", params KeyValuePair<string, string>[] fields) =>
        await IsTooLateAsync(path, order, HttpStatusCode.Conflict, sentence, fields);

    private async Task IsTooLateAsync(string path, string order, HttpStatusCode status, string sentence = "", params KeyValuePair<string, string>[] fields)
    {
        using var answer = await OrderAsync(path, order, fields);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
