using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Connecting;
using MisskeyAutomations.Tests.EndToEnd;
using Account = MisskeyAutomations.Accounts.Account;
using Finding = MisskeyAutomations.Checkup.Finding;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>Each thing that may be wrong with an account is found, and told with what to do.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private const string Rules = "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n";

    private static readonly string[] Needed =
        ["read:account", "read:blocks", "read:mutes", "read:notifications", "write:account", "write:notes"];

    private House _house = null!;
    private Orders _orders = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await Orders.OpenHouseAsync(Rules);
        _orders = new Orders(_house);
        await _orders.GiveAsync(_orders.Connect());
    }

    public async ValueTask DisposeAsync()
    {
        _orders.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task All_is_well_but_for_the_profile()
    {
        var found = await LookAsync();

        Assert.Equal(["server", "clock", "token", "profile", "permissions", "surplus", "webhook", "types", "status", "way"], found.Select(finding => finding.Check));
        Assert.Equal("profile", Assert.Single(found, finding => finding.Mark != Mark.Good).Check);
        Assert.Contains("is Misskey 2025.4.1.", found[0].Sentence.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bot_that_says_whom_to_ask_is_well()
    {
        var robot = _house.World.AddAccount("robot", isBot: true, description: "Ask @alice");

        Assert.Equal(Mark.Good, await MarkOfAsync("profile", By(robot, Needed)));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_all_that_is_told()
    {
        var found = await LookAsync(By(_house.Owner, Needed) with { Server = new Uri($"http://127.0.0.1:{FreePort.Find()}") });

        Assert.Equal(("server", Mark.Bad), Assert.Single(found.Select(finding => (finding.Check, finding.Mark))));
    }

    [Fact]
    public async Task A_revoked_token_is_told()
    {
        _house.World.RevokeToken(_orders.Find()!.Token.Reveal());

        await FindsAsync("token", Mark.Bad, "The token is not taken");
    }

    [Fact]
    public async Task Missing_and_needless_permissions_are_told()
    {
        var account = By(_house.Owner, ["read:account", "read:blocks", "read:mutes", "write:account", "write:reactions"]);

        await FindsAsync("permissions", Mark.Bad, "The token lacks read:notifications; write:notes (pong).", account);
        await FindsAsync("surplus", Mark.Doubtful, "write:reactions", account);
    }

    [Theory]
    [InlineData(0, "Good")]
    [InlineData(60, "Doubtful")]
    [InlineData(-60, "Doubtful")]
    [InlineData(600, "Bad")]
    public async Task A_clock_that_is_off_is_told(int secondsAhead, string mark)
    {
        _house.Time.Shift += TimeSpan.FromSeconds(secondsAhead);

        Assert.Equal(mark, (await MarkOfAsync("clock")).ToString());
    }

    [Fact]
    public async Task A_webhook_that_is_gone_is_told()
    {
        await _house.CallAsync("i/webhooks/delete", $$"""{"webhookId":"{{_house.Hooks()[0].Id}}"}""");

        await FindsAsync("webhook", Mark.Bad, "Misskey has no webhook whose address ends with /hooks/main");
    }

    [Fact]
    public async Task A_webhook_that_is_switched_off_is_told()
    {
        await _house.ChangeHookAsync("""{"webhookId":"ID","active":false}""");

        await FindsAsync("webhook", Mark.Bad, "is switched off");
    }

    [Fact]
    public async Task Another_secret_is_told_and_the_way_finds_nothing_wrong()
    {
        await _house.ChangeHookAsync("""{"webhookId":"ID","secret":"fedcba9876543210"}""");

        await FindsAsync("webhook", Mark.Bad, "bears another secret than the engine knows");
        Assert.Equal(Mark.Good, await MarkOfAsync("way"));
    }

    [Theory]
    [InlineData("""["note"]""", "Bad", "is not for mention")]
    [InlineData("""["mention"]""", "Doubtful", "is not for 'note'")]
    public async Task Types_that_are_missing_are_told(string on, string mark, string sentence)
    {
        await _house.ChangeHookAsync($$"""{"webhookId":"ID","on":{{on}}}""");

        await FindsAsync("types", Enum.Parse<Mark>(mark), sentence);
    }

    [Theory]
    [InlineData(301, "", "redirects to https://elsewhere.example/hooks/main (HTTP 301)", "redirects")]
    [InlineData(308, "", "redirects to https://elsewhere.example/hooks/main (HTTP 308)", "redirects")]
    [InlineData(401, "", "does not know the secret", "answered with 401")]
    [InlineData(404, "", "does not pass /hooks/ on", "answered with 404")]
    [InlineData(405, "", "changes the POST", "answered with 405")]
    [InlineData(413, "", "Allow 1 MiB", "answered with 413")]
    [InlineData(502, "", "the engine does not run", "answered with 502")]
    [InlineData(418, "", "Look at the log of the proxy", "answered with 418")]
    [InlineData(200, "Welcome", "something else takes the webhooks there", null)]
    public async Task What_stands_in_the_way_is_told_as_it_answers_and_as_Misskey_saw_it(int status, string body, string sentence, string? seen)
    {
        await using var proxy = await AnsweringServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status is 301 or 308 ? "https://elsewhere.example/hooks/main" : default;
            return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
        });
        await LeadHookToAsync(proxy.Address);
        await FindsAsync("way", Mark.Bad, sentence);
        if (seen is not null and not "redirects")
        {
            _house.World.Post(_house.Owner, "hi");
            await _house.World.DeliveriesSettledAsync(Token);
            await FindsAsync("status", Mark.Bad, seen);
        }
    }

    [Fact]
    public async Task An_engine_that_does_not_run_is_told()
    {
        await LeadHookToAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}"));

        await FindsAsync("way", Mark.Bad, "cannot be reached from here: The server refuses the connection.");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_within_five_seconds_is_told()
    {
        await using var proxy = await AnsweringServer.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        await LeadHookToAsync(proxy.Address);

        await FindsAsync("way", Mark.Bad, "does not answer within 5 s");
    }

    private async Task LeadHookToAsync(Uri address) =>
        await _house.ChangeHookAsync($$"""{"webhookId":"ID","url":"{{HookAddress.Of(address, "main")}}"}""");

    private Account By(MisskeyAutomations.Sandbox.Model.Account person, IEnumerable<string> permissions) => _orders.Find()!.At(_house.Time.GetUtcNow()) with
    {
        Token = new Secret(_house.World.IssueToken(person, permissions)),
    };

    private async Task FindsAsync(string check, Mark mark, string sentence, Account? account = null)
    {
        var finding = Assert.Single(await LookAsync(account), finding => finding.Check == check);
        Assert.Contains(sentence, finding.Sentence.ToString(), StringComparison.Ordinal);
        Assert.Equal(mark, finding.Mark);
    }

    private async Task<Mark> MarkOfAsync(string check, Account? account = null) =>
        Assert.Single(await LookAsync(account), finding => finding.Check == check).Mark;

    // Another token than the connected one stands in the configuration.
    private async Task<IReadOnlyList<Finding>> LookAsync(Account? account = null)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_house.Time)
            .AddAccounts([]).AddMisskey().AddSingleton<TokenProbe>().AddSingleton<MisskeyHooks>().AddSingleton<ServerLook>().AddCheckup().BuildServiceProvider();
        var connected = _orders.Find()!;
        var found = new List<Finding>();
        var looks = services.GetRequiredService<AccountCheckup>().LookAsync(
            account ?? connected.At(_house.Time.GetUtcNow()), account is null ? connected : null, _house.Engine.Services.GetRequiredService<RuleVersions>().Current, Token);
        await foreach (var finding in looks)
        {
            found.Add(finding);
        }

        return found;
    }
}
