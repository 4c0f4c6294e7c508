using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Connecting;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Kills;
using Account = MisskeyAutomations.Accounts.Account;
using Finding = MisskeyAutomations.Checkup.Finding;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>An account that was connected, and what can be made wrong with it: whatever <c>doctor</c> looks at.</summary>
internal sealed class Patient : IAsyncDisposable
{
    private const string Rules = "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n";

    private static readonly string[] Needed = ["read:account", "read:blocks", "read:mutes", "read:notifications", "write:account", "write:notes"];

    private readonly AnsweringServer _proxy;

    private Patient(House house, Orders orders, AnsweringServer proxy)
    {
        (House, Orders, _proxy) = (house, orders, proxy);
        _proxy.Answer = context => { context.Response.StatusCode = Status; context.Response.Headers.Location = Location; return Delay(context); };
    }

    public House House { get; }

    public Orders Orders { get; }

    /// <summary>The stopwatch of whoever waits for an answer.</summary>
    public FakeTimeProvider Stopwatch { get; } = new();

    /// <summary>A folder for what is not the house's.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>Whose account is looked at; null for the one that was connected.</summary>
    public Account? Configured { get; set; }

    /// <summary>What the proxy in front of the engine answers.</summary>
    public int Status { get; set; } = 204;

    /// <summary>Where it sends on to.</summary>
    public string? Location { get; set; }

    /// <summary>How long it takes for it, by the stopwatch of who waits; null for ever.</summary>
    public TimeSpan? Takes { get; set; } = TimeSpan.Zero;

    /// <summary>Where the machine's own things lie; those of the house unless a test says otherwise.</summary>
    public EngineSettings? Settings { get; set; }

    /// <summary>Disks that are to be taken away again.</summary>
    public List<SmallDisk> Mounted { get; } = [];

    /// <summary>An engine that hangs.</summary>
    public Socket? Hung { get; set; }

    /// <summary>Another program that holds the house's database.</summary>
    public SqliteConnection? Lock { get; set; }

    /// <summary>The account that was connected.</summary>
    public ConnectedAccount Connected => Orders.Find()!;

    public static async Task<Patient> AdmitAsync(bool isReachable = true)
    {
        var house = await Orders.OpenHouseAsync(Rules);
        var orders = new Orders(house);
        await orders.GiveAsync(orders.Connect(isReachable: isReachable));
        return new(house, orders, await AnsweringServer.StartAsync(_ => Task.CompletedTask));
    }

    /// <summary>A person's account, whose token may do so much; all that is needed unless it is said.</summary>
    public Account By(MisskeyAutomations.Sandbox.Model.Account person, params IReadOnlyList<string> permissions) => Connected.At(House.Time.GetUtcNow()) with
    {
        Token = new Secret(House.World.IssueToken(person, permissions.Count > 0 ? permissions : Needed)),
    };

    /// <summary>Settings of a machine on which nothing is yet.</summary>
    public EngineSettings Fresh(string data = "data") => new() { Rules = Folder["rules"], Data = Folder[data], Urls = "http://127.0.0.1:0", Accounts = [] };

    /// <summary>Lets the webhook come to the proxy, which answers so.</summary>
    public async Task LeadToProxyAsync(int status, string? location = null)
    {
        (Status, Location) = (status, location);
        await LeadToAsync(_proxy.Address);
    }

    /// <summary>Lets the webhook come to another address.</summary>
    public Task LeadToAsync(Uri address) => House.ChangeHookAsync($$"""{"webhookId":"ID","url":"{{HookAddress.Of(address, "main")}}"}""");

    /// <summary>Lets Misskey send a webhook, and waits for what becomes of it.</summary>
    public async Task DeliverAsync()
    {
        House.World.Post(House.Owner, "hi");
        await House.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>All that is found by looking at the account.</summary>
    public async Task<IReadOnlyList<Finding>> LookAsync() => await LookAtAccount().ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>What is found about one thing.</summary>
    public async Task<Finding> LookAtAsync(string check)
    {
        var cancelled = TestContext.Current.CancellationToken;
        switch (check)
        {
            case "way":
                var way = new HookWay(Stopwatch);
                return await way.LookAsync(new Uri(House.Hooks()[0].Url), Connected.At(House.Time.GetUtcNow()), House.Hooks()[0].Id, House.Owner.Id, cancelled);
            case "rules" or "disk" or "store" or "engine":
                return new MachineCheckup(Settings ?? new() { Rules = House.Rules, Data = House.Data, Urls = "", Accounts = [] }, Stopwatch).Look().First(finding => finding.Check == check);
            case "stream":
                return (await StreamCheckup.AskAsync((Settings ?? Fresh() with { Data = House.Data }).Data, cancelled)).LookAt(Configured ?? Connected.At(House.Time.GetUtcNow()));
            default:
                return await LookAtAccount().FirstAsync(finding => finding.Check == check, cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        Orders.Dispose();
        Lock?.Dispose();
        Hung?.Dispose();
        foreach (var disk in Mounted)
        {
            await disk.DisposeAsync();
        }

        await House.DisposeAsync();
        Folder.Dispose();
    }

    // Another token than the connected one stands in the configuration.
    private async IAsyncEnumerable<Finding> LookAtAccount()
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(House.Time)
            .AddAccounts([]).AddMisskey().AddSingleton<TokenProbe>().AddSingleton<MisskeyHooks>().AddSingleton<ServerLook>().AddCheckup().BuildServiceProvider();
        var looks = services.GetRequiredService<AccountCheckup>().LookAsync(
            Configured ?? Connected.At(House.Time.GetUtcNow()), Configured is null ? Connected : null, House.Engine.Services.GetRequiredService<RuleVersions>().Current,
            TestContext.Current.CancellationToken);
        await foreach (var finding in looks)
        {
            yield return finding;
        }
    }

    private Task Delay(HttpContext context)
    {
        Stopwatch.Advance(Takes ?? TimeSpan.FromMinutes(1));
        return Takes is null ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted) : Task.CompletedTask;
    }
}
