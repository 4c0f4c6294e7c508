using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Health;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Health;

/// <summary>What is amiss reaches the owner outside of the log, once.</summary>
public sealed class AlertsTests
{
    private const string Rules = "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n";
    private const string Key = "0123456789abcdef-key";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_account_is_told_once_over_restarts_signed_and_so_is_its_end()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var house = await OpenAsync(new AlertTarget.Http(new Secret(receiver.Url), new Secret(Key)));
        house.World.Suspend(house.Owner);
        house.AddWebhook("mention");
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Engine.Services.GetHolds().Paused.ContainsKey("main"), "the account is paused");

        await LookAsync(house);
        var raised = await receiver.NextAsync();
        await LookAsync(house);
        await house.RestartAsync();
        await Eventually.HoldsAsync(() => house.Engine.Services.GetHolds().Paused.ContainsKey("main"), "the account is paused again");
        await LookAsync(house);
        Assert.Single(receiver.All);
        var trouble = raised.Json.GetProperty("data").GetProperty("troubles")[0];
        Assert.Equal(("account-paused", "main", "raised"), (trouble.GetProperty("kind").GetString(), trouble.GetProperty("subject").GetString(), trouble.GetProperty("state").GetString()));
        Assert.Contains("The account is suspended on its server.", raised.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(AlertSender.Sign(Key, raised.Headers["webhook-id"], raised.Headers["webhook-timestamp"], raised.Body), raised.Headers["webhook-signature"]);

        house.World.Unsuspend(house.Owner);
        await house.Engine.Services.GetRequiredService<PausedAccounts>().AskAsync(Cancelled);
        await house.Engine.Services.GetRequiredService<MisskeyAccountCheck>().CheckAsync("main", 0, Cancelled);
        await LookAsync(house);
        house.Time.Shift += TimeSpan.FromMinutes(2);
        await LookAsync(house);
        await LookAsync(house);

        var over = await receiver.NextAsync();
        Assert.Equal("over", over.Json.GetProperty("data").GetProperty("troubles")[0].GetProperty("state").GetString());
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task What_cannot_be_delivered_is_tried_again_and_told_in_the_log()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.AnswerWith(500);
        await using var house = await OpenAsync(new AlertTarget.Http(new Secret(receiver.Url), null));
        Break(house);
        await Eventually.HoldsAsync(() => house.Engine.Services.GetRequiredService<RuleFindings>().IsBroken, "the rules are broken");
        await LookAsync(house);
        var first = await receiver.NextAsync();
        Assert.Contains(house.Log.Lines, line => line.Contains("127.0.0.1 could not be told what is amiss (1)", StringComparison.Ordinal) && line.Contains("It answered with 500.", StringComparison.Ordinal));

        receiver.AnswerWith(204);
        await LookAsync(house);
        Assert.Single(receiver.All);
        house.Time.Shift += TimeSpan.FromMinutes(2);
        await LookAsync(house);

        // The same message: who got it twice can tell.
        Assert.Equal(first.Headers["webhook-id"], (await receiver.NextAsync()).Headers["webhook-id"]);
    }

    [Fact]
    public async Task Misskey_tells_the_account_itself_and_waits_for_the_end_of_a_panic()
    {
        await using var house = await OpenAsync(new AlertTarget.Misskey("main", User: null));
        house.Engine.Services.GetHolds().Panic = true;
        Break(house);
        await Eventually.HoldsAsync(() => house.Engine.Services.GetRequiredService<RuleFindings>().IsBroken, "the rules are broken");
        await LookAsync(house);
        Assert.Empty(house.Calls("notifications/create"));

        house.Engine.Services.GetHolds().Panic = false;
        house.Time.Shift += TimeSpan.FromMinutes(2);
        await LookAsync(house);

        Assert.Contains("`validate` shows where", Assert.Single(house.Calls("notifications/create")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_direct_note_reaches_the_named_owner_and_nobody_else()
    {
        await using var house = await OpenAsync(new AlertTarget.Misskey("main", "@carol"), start: false);
        var carol = house.World.AddAccount("carol");
        await house.StartAsync();

        var answers = await house.Engine.Services.GetRequiredService<AlertPump>().TestAsync(Cancelled);

        Assert.Null(Assert.Single(answers).Trouble);
        var note = Assert.Single(house.World.NotesOf(house.Owner));
        Assert.Contains("This is a test", note.Text, StringComparison.Ordinal);
        Assert.Equal([carol.Id], note.VisibleUserIds);
    }

    [Fact]
    public async Task A_target_is_told_no_more_often_than_the_settings_say_and_then_of_all_at_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var house = await OpenAsync(new AlertTarget.Http(new Secret(receiver.Url), null));
        var troubles = new List<Trouble>();
        var time = new FakeTimeProvider(house.Time.GetUtcNow());
        using var pump = Pump(house, troubles, time);

        for (var number = 0; number < 30; number++)
        {
            troubles.Add(new Trouble($"event {number}", $"Event {number}"));
            await pump.LookAsync(Cancelled);
        }

        Assert.Equal(2, receiver.All.Count);
        time.Advance(TimeSpan.FromHours(1));
        await pump.LookAsync(Cancelled);
        await pump.LookAsync(Cancelled);

        Assert.Equal(3, receiver.All.Count);
        Assert.Equal((20, 8), (receiver.All[2].Json.GetProperty("data").GetProperty("troubles").GetArrayLength(), receiver.All[2].Json.GetProperty("data").GetProperty("more").GetInt32()));
    }

    [Fact]
    public async Task A_watch_that_fails_keeps_nothing_of_the_others_from_being_told()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var house = await OpenAsync(new AlertTarget.Http(new Secret(receiver.Url), null));
        using var pump = new AlertPump(
            house.Alerts with { Engine = "another" }, [new Blind(), new Seen([new Trouble("event 1", "Event 1")])], house.Engine.Services.GetRequiredService<AlertSender>(),
            house.Engine.Services.GetRequiredService<StoredAlerts>(), NullLogger<AlertPump>.Instance, TimeProvider.System);

        await pump.LookAsync(Cancelled);

        Assert.Equal("seen", (await receiver.NextAsync()).Json.GetProperty("data").GetProperty("troubles")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_clock_that_was_put_back_by_years_mutes_no_target()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var house = await OpenAsync(new AlertTarget.Http(new Secret(receiver.Url), null));
        var troubles = new List<Trouble> { new("event 1", "Event 1") };
        var time = new ShiftedTime { Jump = TimeSpan.FromDays(730) };
        using var pump = Pump(house, troubles, time);
        for (var number = 2; number <= 3; number++)
        {
            await pump.LookAsync(Cancelled);
            troubles.Add(new($"event {number}", $"Event {number}"));
        }

        // Two were told by the wrong clock, and the third cannot be.
        time.Jump = TimeSpan.FromDays(365);
        receiver.AnswerWith(500);
        await pump.LookAsync(Cancelled);
        Assert.Equal(3, receiver.All.Count);
        time.Jump = TimeSpan.Zero;
        receiver.AnswerWith(204);
        await pump.LookAsync(Cancelled);
        Assert.Equal(3, receiver.All.Count);
        time.Shift += TimeSpan.FromMinutes(1);
        await pump.LookAsync(Cancelled);

        Assert.Equal(4, receiver.All.Count);
    }

    [Fact]
    public async Task The_command_says_what_arrived_and_what_did_not()
    {
        await using var receiver = await HookReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        folder.Write("automations.yaml", $"alerts:\n  to: ['{receiver.Url}', 'http://127.0.0.1:1/closed']\n  secret: {Key}\nhttp:\n  allow: ['127.0.0.1:{new Uri(receiver.Url).Port}']\n");
        var environment = ProgramRun.EnvironmentOf(new Uri("http://127.0.0.1:9"), "token");
        await using var program = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{FreePort.Find()}");
        await program.StartedAsync();

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(folder.Path, environment, "alerts", "test");

        Assert.Equal((75, ""), (exitCode, error));
        Assert.Contains("127.0.0.1: sent", output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1: not sent. ", output, StringComparison.Ordinal);
        Assert.Contains("http: allow", output, StringComparison.Ordinal);
        Assert.Equal("test", Assert.Single(receiver.All).Json.GetProperty("data").GetProperty("troubles")[0].GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("alerts:\n  account: main\n", "alerts: to is missing")]
    [InlineData("alerts:\n  to: mail\n", "alerts: to takes misskey, or an address")]
    [InlineData("alerts:\n  to: misskey\n  account: nobody\n", "alerts: account must name the account that tells: main")]
    [InlineData("alerts:\n  to: misskey\n  user: owner\n", "alerts: user takes a name such as @owner")]
    [InlineData("alerts:\n  to: misskey\n  silence: soon\n", "alerts: silence takes a time from 1h to 30d")]
    [InlineData("alerts:\n  to: misskey\n  per-hour: 0\n", "alerts: per-hour takes a number from 1 to 100")]
    [InlineData("alerts:\n  to: https://a.example\n  secret: short\n", "alerts: secret is too short")]
    [InlineData("alerts:\n  whom: misskey\n", "'alerts.whom' is no setting")]
    [InlineData("log:\n  format: xml\n", "log: format takes text or json")]
    [InlineData("log:\n  level: loud\n", "log: level takes debug, information, warning or error")]
    [InlineData("telemetry:\n  prometheus: here\n", "telemetry: prometheus takes an address and a port")]
    [InlineData("telemetry:\n  prometheus: 127.0.0.1:8080\n", "telemetry: prometheus must have a port of its own")]
    [InlineData("telemetry:\n  metrics-key: short\n", "telemetry: metrics-key is too short")]
    [InlineData("telemetry:\n  otlp: localhost:4317\n", "telemetry: otlp takes the address of a collector")]
    public async Task A_wrong_setting_is_told_with_what_to_write(string settings, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        folder.Write("automations.yaml", settings);

        var (exitCode, _, error) = await ProgramRun.ToEndAsync(folder.Path, ProgramRun.EnvironmentOf(new Uri("http://127.0.0.1:9"), "token"), "run");

        Assert.Equal(78, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_died_is_an_internal_fault_to_whoever_started_the_program()
    {
        using var dying = new Dying();
        await dying.StartAsync(Cancelled);
        await Assert.ThrowsAsync<InvalidOperationException>(() => dying.ExecuteTask!);

        Assert.Equal(70, RunCommand.ExitCodeOf([dying]));
        Assert.Equal(0, RunCommand.ExitCodeOf([]));
    }

    private static void Break(House house) => house.WriteRules("rules:\n  - name: pong\n    on: mentoin\n    do:\n      - reply: PONG!\n");

    private static AlertPump Pump(House house, IReadOnlyList<Trouble> troubles, TimeProvider time) => new(
        house.Alerts with { PerHour = 2, Engine = "another" }, [new Seen(troubles)], house.Engine.Services.GetRequiredService<AlertSender>(),
        house.Engine.Services.GetRequiredService<StoredAlerts>(), NullLogger<AlertPump>.Instance, time);

    private static Task LookAsync(House house) => house.Engine.Services.GetRequiredService<AlertPump>().LookAsync(Cancelled);

    private static async Task<House> OpenAsync(AlertTarget target, bool start = true)
    {
        var house = await House.OpenAsync(Rules, start: false);
        house.Alerts = new AlertOptions { Targets = [target] };
        house.Outside = new OutsideOptions { Allow = [AllowedTarget.Parse("127.0.0.1")!] };
        if (start)
        {
            await house.StartAsync();
            await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("acts as", StringComparison.Ordinal)), "the account was checked");
        }

        return house;
    }

    private sealed class Seen(IReadOnlyList<Trouble> troubles) : TroubleWatch
    {
        public override string Kind => "seen";

        public override Task<Sight> LookAsync(CancellationToken cancellationToken) => Task.FromResult(new Sight([.. troubles]));
    }

    private sealed class Blind : TroubleWatch
    {
        public override string Kind => "blind";

        public override Task<Sight> LookAsync(CancellationToken cancellationToken) => throw new IOException("The record makes no sense.");
    }

    private sealed class Dying : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("It died.");
        }
    }
}
