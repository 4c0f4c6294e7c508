using System.Text;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>An event that takes the process down with it does so three times, then is set aside, and costs nobody else anything.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort.Find();
    private SandboxServer _misskey = null!;
    private HookReceiver _receiver = null!;
    private Account _alice = null!;
    private readonly List<Note> _notes = [];

    public async ValueTask InitializeAsync()
    {
        _folder.Write("rules/rules.yaml", Rules);
        _misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 10_000 }, TestContext.Current.CancellationToken);
        _receiver = await HookReceiver.StartAsync();
        _alice = _misskey.World.AddAccount("alice");
        _misskey.World.AddWebhook(_alice, _receiver.Url, House.Secret, "mention");
    }

    public async ValueTask DisposeAsync()
    {
        await _misskey.DisposeAsync();
        await _receiver.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("deciding", "event")]
    [InlineData("rendering", "run")]
    public async Task It_is_set_aside_after_three_deaths_and_tried_again_when_its_owner_says_so(string place, string kind)
    {
        await using (StartWhole())
        {
            var before = await PostAsync("@alice before");
            await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(before).Count == 1, "it works");
        }

        // It may die before it has answered: then Misskey tries again.
        var posting = PostAsync("@alice POISON");
        for (var death = 1; death <= 3; death++)
        {
            await using var dying = Start($"{place}@POISON");
            Assert.Equal(137, await dying.ExitCodeAsync());
        }

        await using var living = Start($"{place}@POISON");
        await posting;
        var after = await PostAsync("@alice after");
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(after).Count == 1, "others are answered");
        var ledger = new Ledger(_folder["data"]);
        await Eventually.HoldsAsync(() => ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided");
        var poison = Poison();
        var listed = await AskAsync("quarantine", "list");

        // Whatever reports it again, under another id or by another way, is the same event.
        var again = _receiver.All.Single(hook => hook.Text.Contains("POISON", StringComparison.Ordinal));
        await DeliverAsync(again with { Body = Encoding.UTF8.GetBytes(again.Text.Replace(again.EventId, Guid.NewGuid().ToString(), StringComparison.Ordinal)) });
        await Eventually.HoldsAsync(() => ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "the repetition is decided");

        Assert.False(living.HasExited);
        Assert.Empty(_misskey.World.RepliesTo(poison));
        Assert.All(Others(), note => Assert.Single(_misskey.World.RepliesTo(note)));
        Assert.Matches($"^{kind} \\d+.*account main", listed.Output);
        Assert.Single(ledger.Deliveries(), delivery => delivery.State == DeliveryState.Quarantined || ledger.Runs().Any(run => run.Delivery == delivery.Id && run.State == RunState.Failed));

        await living.KillAsync();
        await using var mended = StartWhole();
        await mended.StartedAsync();
        var number = listed.Output.Split(' ', ',')[1];
        var retried = await AskAsync("quarantine", "retry", kind, number);
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(poison).Count == 1, "it is answered after all");

        Assert.Equal((0, ""), (retried.ExitCode, retried.Error));
        Assert.Equal("Nothing is set aside.\n", (await AskAsync("quarantine", "list")).Output);
        Assert.Equal(64, (await AskAsync("quarantine", "retry", kind, number)).ExitCode);
    }

    private Note Poison() => _notes.Single(note => note.Text!.Contains("POISON", StringComparison.Ordinal));

    private IEnumerable<Note> Others() => _notes.Where(note => !note.Text!.Contains("POISON", StringComparison.Ordinal));

    private async Task<Note> PostAsync(string text)
    {
        var note = _misskey.World.Post(_misskey.World.AddAccount($"user{_notes.Count}"), text);
        _notes.Add(note);
        var hook = await _receiver.NextAsync();
        await DeliverAsync(hook);
        return note;
    }

    private Task DeliverAsync(ReceivedHook hook) => Eventually.HoldsAsync(
        () => _http.DeliverAsync(new Uri($"http://127.0.0.1:{_port}/hooks/main"), hook, TestContext.Current.CancellationToken), "it takes the webhook");

    private ProgramRun Start(string killAt) => ProgramRun.StartKillPoints(_folder.Path, Environment(killAt), "run", "--urls", $"http://127.0.0.1:{_port}");

    private ProgramRun StartWhole() => ProgramRun.Start(_folder.Path, Environment(""), "run", "--urls", $"http://127.0.0.1:{_port}");

    private Dictionary<string, string> Environment(string killAt) => new(ProgramRun.EnvironmentOf(_misskey.Url, _alice.Token)) { ["MKA_KILL_AT"] = killAt };

    private Task<(int ExitCode, string Output, string Error)> AskAsync(params IEnumerable<string> arguments) => ProgramRun.ToEndAsync(_folder.Path, null, arguments);
}
