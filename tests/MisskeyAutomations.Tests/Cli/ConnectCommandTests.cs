using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Connecting;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>The program as its user types it, from nothing to an account that answers.</summary>
public sealed partial class ConnectCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _browser = new();
    private readonly string _url = $"http://127.0.0.1:{FreePort.Find()}";
    private SandboxServer _misskey = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _misskey = await SandboxServer.StartAsync(new SandboxOptions { DeliveryTimeout = Eventually.Patience }, Token);
        _misskey.World.AddAccount("alice");
        _folder.Write("rules/a.yaml", "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _misskey.DisposeAsync();
        _browser.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_command_leads_from_nothing_to_an_account_that_answers_and_further_ones_change_it()
    {
        await using var engine = ProgramRun.Start(_folder.Path, new Dictionary<string, string> { ["ASPNETCORE_HTTP_PORTS"] = "8080" }, "connect", Server, "--url", _url, "--urls", _url);
        await Orders.DecideAsync(_browser, await LinkAsync(engine), "alice", "allow");
        await engine.StartedAsync();
        Assert.StartsWith("✓ 127.0.0.1", engine.Output, StringComparison.Ordinal);
        Assert.Contains("✓ A note to itself came back by the webhook", engine.Output, StringComparison.Ordinal);
        var his = _misskey.World.Post(_misskey.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(his).Count == 1, "it answers");

        Assert.Contains(" info: ", engine.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" dbug: ", engine.Output, StringComparison.Ordinal);

        await SaysAsync(0, $"main  @alice@{new Uri(Server).Authority}  active, connected, webhook {_url}/hooks/main", "accounts", "list");
        await SaysAsync(0, "Nothing goes out for main any more", "accounts", "pause", "main");
        await SaysAsync(0, "paused, connected", "accounts", "list");
        await SaysAsync(0, "Actions of main go out again", "accounts", "resume", "main");
        await SaysAsync(0, "has a new secret", "accounts", "rotate-secret", "main");
        await SaysAsync(0, "\"check\": \"way\",", "doctor", "--account", "main", "--json");
        await SaysAsync(78, "There is no account nobody", "accounts", "pause", "nobody");
        await SaysAsync(0, "Account main is forgotten", "disconnect", "main");
        await SaysAsync(1, "✗ No account is set up", "doctor");
        Assert.Empty(_misskey.World.WebhooksOf(_misskey.World.FindAccount("alice")!));
    }

    [Fact]
    public async Task Without_a_public_address_the_account_is_streamed()
    {
        await using var engine = ProgramRun.Start(_folder.Path, null, "connect", Server, "--urls", _url);
        await Orders.DecideAsync(_browser, await LinkAsync(engine), "alice", "allow");
        await engine.StartedAsync();
        Assert.Contains("✓ A note to itself came back by the stream", engine.Output, StringComparison.Ordinal);
        Assert.Contains("Events are streamed from Misskey for: main.", engine.Output, StringComparison.Ordinal);
        var his = _misskey.World.Post(_misskey.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => _misskey.World.RepliesTo(his).Count == 1, "it answers");

        await SaysAsync(0, "active, connected, streaming", "accounts", "list");
        await SaysAsync(0, "✓ main: It has heard its stream since", "doctor");
        await SaysAsync(78, "has no webhook that was made by `connect`", "accounts", "rotate-secret", "main");
        await engine.TerminateAsync();
        Assert.Equal(0, await engine.ExitCodeAsync());
        await SaysAsync(0, "! main: Its events are streamed to a running engine, and none runs", "doctor");
    }

    [Fact]
    public async Task An_account_is_added_with_a_token_made_by_hand_and_streamed()
    {
        var token = _misskey.World.IssueToken(_misskey.World.FindAccount("alice")!, "read:account", "write:notes");
        await using var adding = ProgramRun.Start(_folder.Path, null, "accounts", "add", Server, "--name", "mine");
        await adding.InputAsync(token);

        Assert.Equal(0, await adding.ExitCodeAsync());
        Assert.Contains("no webhook is needed", adding.Output, StringComparison.Ordinal);
        await SaysAsync(0, "connected, streaming", "accounts", "list");
    }

    [Fact]
    public async Task Without_an_engine_everything_works_too_and_the_next_start_has_the_account()
    {
        var token = _misskey.World.IssueToken(
            _misskey.World.FindAccount("alice")!, "read:account", "read:blocks", "read:mutes", "read:notifications", "write:account", "write:notes");
        await using (var connecting = ProgramRun.Start(_folder.Path, null, "connect", Server, "--url", _url, "--urls", _url, "--token-stdin", "--no-run"))
        {
            await connecting.InputAsync(token + "\n");
            Assert.Equal(0, await connecting.ExitCodeAsync());
            Assert.Contains("is connected as main", connecting.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(token, connecting.Output + connecting.Error, StringComparison.Ordinal);
        }

        await SaysAsync(0, "has a new secret", "accounts", "rotate-secret", "main");
        await SaysAsync(0, "Nothing goes out for main", "accounts", "pause", "main");
        await SaysAsync(1, "✗ main: ", "doctor");
        await SaysAsync(0, "The token of main has them all", "scopes");
        await using var engine = ProgramRun.Start(_folder.Path, null, "run", "--urls", _url);
        await engine.StartedAsync();
        Assert.Contains($"{_url}/hooks/main", engine.Output, StringComparison.Ordinal);
        await engine.TerminateAsync();
        Assert.Equal(0, await engine.ExitCodeAsync());
        await SaysAsync(0, "Account main is forgotten", "accounts", "remove", "main");
        await SaysAsync(0, "There are none yet", "accounts", "list");
    }

    [Fact]
    public async Task An_account_is_added_with_a_token_and_a_webhook_made_by_hand()
    {
        var token = _misskey.World.IssueToken(_misskey.World.FindAccount("alice")!, "read:account", "write:notes");
        await using var adding = ProgramRun.Start(_folder.Path, null, "accounts", "add", Server, "--name", "mine", "--url", "https://your.host");
        await adding.InputAsync(token);

        Assert.Equal(0, await adding.ExitCodeAsync());
        Assert.Contains("https://your.host/hooks/mine", adding.Output, StringComparison.Ordinal);
        Assert.Matches("\n  [0-9a-f]{48}\n", adding.Output);
        await SaysAsync(0, "without a webhook of ours", "accounts", "list");
    }

    [Fact]
    public async Task Who_ends_it_while_it_waits_is_told_and_nothing_is_left()
    {
        await using var connecting = ProgramRun.Start(_folder.Path, null, "connect", Server, "--url", _url, "--urls", _url);
        await LinkAsync(connecting);

        await connecting.TerminateAsync();

        Assert.Equal(75, await connecting.ExitCodeAsync());
        Assert.Equal("misskey-automations: It was ended before it was done; what was not connected yet is not kept. `accounts list` shows what is.\n", connecting.Error);
        Assert.Contains("Misskey tells nobody of a page that was closed or denied: then end this with Ctrl+C.", connecting.Output, StringComparison.Ordinal);
        await SaysAsync(0, "There are none yet", "accounts", "list");
    }

    [Theory]
    [InlineData("127.0.0.1", 2090, "answers, but not as Misskey does")]
    [InlineData("127.0.0.1", 2000, "shows a certificate that has run out or is not valid yet. Look at this machine's clock")]
    [InlineData("other.example", 2090, "shows a certificate that is for another name.")]
    public async Task What_is_wrong_with_a_certificate_of_a_known_issuer_is_told(string name, int until, string sentence)
    {
        var (authority, pem) = Certificates.Authority();
        await using var server = await AnsweringServer.StartAsync(
            context => { context.Response.StatusCode = 404; return context.Response.WriteAsJsonAsync(new { error = "Not Found" }); }, Certificates.Issued(authority, name, 1980, until));

        var (exit, output, error) = await ProgramRun.ToEndAsync(
            _folder.Path, new Dictionary<string, string> { ["SSL_CERT_FILE"] = _folder.Write("authority.pem", pem) }, "connect", server.Address.ToString(), "--urls", _url);

        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(("", sentence.StartsWith("answers", StringComparison.Ordinal) ? 78 : 75), (output, exit));
        Assert.Single(error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task A_time_that_is_none_is_refused(string seconds) => await SaysAsync(64, $"--timeout takes seconds, above 0 and up to 86400, not '{seconds}'.", "connect", Server, $"--timeout={seconds}");

    [Fact]
    public async Task What_the_token_must_be_allowed_is_printed() => await SaysAsync(0, "write:notes  Compose or delete notes", "connect", Server, "--permissions");

    [Fact]
    public void A_link_is_shown_as_a_code_that_fits_a_terminal()
    {
        var lines = MisskeyAutomations.Cli.OrderPrinter.QrCode(new Uri($"https://misskey.example/miauth/{Guid.NewGuid()}?permission={new string('a', 300)}")).Split('\n');

        Assert.InRange(lines.Length, 20, 45);
        Assert.InRange(lines.Max(line => line.Length), 40, 90);
    }

    private string Server => _misskey.Url.GetLeftPart(UriPartial.Authority);

    private static async Task<Uri> LinkAsync(ProgramRun run)
    {
        await Eventually.HoldsAsync(() => run.HasExited || Link.IsMatch(run.Output), "it shows a link");
        Assert.False(run.HasExited, run.Error);
        return new Uri(Link.Match(run.Output).Value);
    }

    private async Task SaysAsync(int exitCode, string sentence, params string[] arguments)
    {
        var (exit, output, error) = await ProgramRun.ToEndAsync(_folder.Path, null, arguments);
        Assert.Contains(sentence, output + error, StringComparison.Ordinal);
        Assert.Equal(exitCode, exit);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/miauth/\S+", RegexOptions.None, 1_000)]
    private static partial Regex Link { get; }
}
