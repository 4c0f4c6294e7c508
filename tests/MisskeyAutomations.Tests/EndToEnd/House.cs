using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Tests.Misskey;
using MisskeyAutomations.Webhooks;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A stand-in Misskey and the real engine beside it: real HTTP both ways, a real database, rule files in a folder.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string Secret = "end-to-end-0123456789";

    public static readonly string[] HookTypes = ["follow", "followed", "unfollow", "note", "reply", "renote", "mention"];

    private readonly bool _ownsMisskey;
    private readonly HttpClient _http = new();
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _engine;
    private readonly string _url = $"http://127.0.0.1:{FreePort.Find()}";

    private House(SandboxServer misskey, Person owner, ShiftedTime time, bool ownsMisskey)
    {
        Misskey = misskey;
        Time = time;
        Owner = owner;
        Token = owner.Token;
        Ledger = new Ledger(Data);
        _ownsMisskey = ownsMisskey;
    }

    public SandboxServer Misskey { get; }

    public SandboxWorld World => Misskey.World;

    /// <summary>The person whom the engine acts for.</summary>
    public Person Owner { get; }

    /// <summary>The token that the next start uses.</summary>
    public string Token { get; set; }

    /// <summary>Where the next start looks for Misskey, where it is not the stand-in itself.</summary>
    public Uri? Server { get; set; }

    /// <summary>What finds Misskey's address, from the next start on; null as the program does.</summary>
    public FindAddresses? Names { get; set; }

    /// <summary>The accounts that the next start uses, where it is not the owner's alone.</summary>
    public IReadOnlyList<Account>? Accounts { get; set; }

    /// <summary>What rules may call beside Misskey, from the next start on.</summary>
    public OutsideOptions Outside { get; set; } = new();

    /// <summary>The secrets that rules may name, from the next start on.</summary>
    public RuleSecrets Secrets { get; set; } = RuleSecrets.None;

    /// <summary>How long a missed answer may still come into effect, from the next start on; an hour, so that none is looked for by itself.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the owner's account catches up, from the next start on; never, unless a test is about it.</summary>
    public TimeSpan? CatchUp { get; set; }

    /// <summary>Who is told of trouble, from the next start on; nobody unless a test is about it.</summary>
    public AlertOptions Alerts { get; set; } = new();

    /// <summary>Where the dashboard is, from the next start on; nowhere unless a test is about it.</summary>
    public DashboardOptions? Dashboard { get; set; }

    /// <summary>How the events of the owner's account come, from the next start on.</summary>
    public AccountSource Source { get; set; }

    /// <summary>How often the owner's followers are compared, from the next start on; never, unless a test is about it.</summary>
    public TimeSpan? Followers { get; set; }

    /// <summary>How soon a dead stream is noticed, from the next start on.</summary>
    public StreamLiveness Liveness { get; set; } = new();

    /// <summary>The clock of the engine and of Misskey.</summary>
    public ShiftedTime Time { get; }

    public Ledger Ledger { get; }

    public KeptLog Log { get; } = new();

    public string Data => _folder["data"];

    public string Rules => _folder["rules"];

    public WebApplication Engine => _engine ?? throw new InvalidOperationException("The engine does not run.");

    public Uri Door => new($"{_url}/hooks/main");

    /// <summary>Starts both, with a webhook for all types.</summary>
    public static async Task<House> OpenAsync(string rules, Func<SandboxOptions, SandboxOptions>? options = null, bool start = true)
    {
        var time = new ShiftedTime();
        var sandbox = new SandboxOptions { DeliveriesPerSecond = 10_000, DeliveryTimeout = Eventually.Patience, TimeProvider = time };
        var misskey = await SandboxServer.StartAsync(options?.Invoke(sandbox) ?? sandbox, TestContext.Current.CancellationToken);
        return await OpenAsync(misskey, misskey.World.AddAccount("alice", "Alice"), rules, time, ownsMisskey: true, start);
    }

    /// <summary>A second engine at the same Misskey, for another person.</summary>
    public Task<House> OpenNextDoorAsync(Person owner, string rules) => OpenAsync(Misskey, owner, rules, Time, ownsMisskey: false, start: true);

    public async Task StartAsync()
    {
        var account = new Account
        {
            Name = "main",
            Server = Server ?? Misskey.Url,
            Token = new Secret(Token),
            HookSecrets = Source is AccountSource.Streaming ? [] : [new Secret(Secret)],
            Source = Source,
            CatchUp = CatchUp,
            Followers = Followers,
        };
        var settings = new EngineSettings { Rules = Rules, Data = Data, Urls = _url, Accounts = Accounts ?? [account], Outside = Outside, Secrets = Secrets, Settle = Settle, Alerts = Alerts, Dashboard = Dashboard, WebhooksPerSecond = WebhookOptions.Most };
        var folder = RuleFolders.Open(Rules, allowAdmin: false);
        var reading = folder.Read();
        Assert.Empty(reading.Diagnostics);
        _engine = await RunCommand.StartAsync(settings, folder, reading.RuleSet!, TestContext.Current.CancellationToken, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton(Liveness);
            if (Names is not null)
            {
                builder.Services.AddSingleton(Names);
            }

            builder.Logging.ClearProviders().AddProvider(Log);
        });
    }

    public async Task StopAsync()
    {
        await Engine.StopAsync(TestContext.Current.CancellationToken);
        await Engine.DisposeAsync();
        _engine = null;
    }

    /// <summary>Ends the engine and starts it again on the same data at the same address; its clock moves on in between.</summary>
    public async Task RestartAsync(TimeSpan later = default)
    {
        await StopAsync();
        Time.Shift += later;
        await StartAsync();
    }

    /// <summary>Puts a rule file in place of the one that was there, as an editor does: written aside, then moved.</summary>
    public void WriteRules(string text, string name = "rules.yaml")
    {
        Directory.CreateDirectory(Rules);
        var aside = _folder[$"{name}.new"];
        File.WriteAllText(aside, text);
        File.Move(aside, Path.Combine(Rules, name), overwrite: true);
    }

    /// <summary>Posts a webhook request as Misskey does.</summary>
    public async Task<HttpStatusCode> PostAsync(string body, string secret = Secret, string account = "main")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Door, account)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Misskey-Hook-Secret", secret);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The successful calls of an endpoint, oldest first.</summary>
    public IReadOnlyList<ApiCall> Calls(string endpoint) =>
        [.. World.Calls.Where(call => call.Endpoint == endpoint && call.Username == Owner.Username && call.Status is >= 200 and < 300)];

    /// <summary>Every call that changes something, successful or not.</summary>
    public IReadOnlyList<ApiCall> Writes() =>
        [.. World.Calls.Where(call => call.Endpoint.EndsWith("/create", StringComparison.Ordinal) || call.Endpoint.EndsWith("/delete", StringComparison.Ordinal))];

    /// <summary>Waits until every webhook is delivered and decided and no run is at work: what was not done by then is not done.</summary>
    public async Task RestAsync()
    {
        // What a run did may have been told by a webhook that came after the first look.
        int before;
        do
        {
            before = Ledger.Deliveries().Count;
            await World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(() => Ledger.IsAtRest(Time.GetUtcNow()), "everything is decided and nothing is at work");
            await World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        }
        while (Ledger.Deliveries().Count != before);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            World.Paused = false;
            await _engine.StopAsync(CancellationToken.None);
            await _engine.DisposeAsync();
        }

        if (_ownsMisskey)
        {
            await Misskey.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private static async Task<House> OpenAsync(SandboxServer misskey, Person owner, string rules, ShiftedTime time, bool ownsMisskey, bool start)
    {
        var house = new House(misskey, owner, time, ownsMisskey);
        house.WriteRules(rules);
        if (start)
        {
            await house.StartAsync();
            house.AddWebhook();
        }

        return house;
    }

    /// <summary>Adds the owner's webhook, for all types unless some are named; the engine must have been started once.</summary>
    public void AddWebhook(params string[] types) => World.AddWebhook(Owner, Door.AbsoluteUri, Secret, types.Length > 0 ? types : HookTypes);
}
