using System.Net;
using System.Net.Sockets;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>What keeps the engine from starting is told in one sentence that says what to do, and by the exit code.</summary>
public sealed class StartTests : IDisposable
{
    private const string Secret = "0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_an_account_it_says_how_to_get_one()
    {
        await FailsAsync(78, "No account is set up. `connect SERVER` connects one.", [], "run");
    }

    [Theory]
    [InlineData("", "is missing or empty")]
    [InlineData("short", "is too short")]
    [InlineData("秘密秘密秘密秘密秘密秘密", "ASCII")]
    public async Task A_secret_that_cannot_be_used_is_told_with_the_way_to_make_one(string secret, string why)
    {
        var error = await FailsAsync(78, why, new() { ["MISSKEY_SERVER"] = "https://misskey.example", ["MISSKEY_TOKEN"] = "t", ["MISSKEY_HOOK_SECRET"] = secret }, "run");

        Assert.Contains("openssl rand -hex 24", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_secret_that_cannot_be_read_is_named()
    {
        await FailsAsync(78, "'/nowhere/token'", new(Account()) { ["MISSKEY_TOKEN_FILE"] = "/nowhere/token" }, "run");
    }

    [Theory]
    [InlineData("misskey.example")]
    [InlineData("ftp://misskey.example")]
    [InlineData("https://misskey.example/api")]
    public async Task An_address_that_is_no_server_is_told(string server)
    {
        await FailsAsync(78, $"MISSKEY_SERVER is '{server}', which is no server address", new(Account()) { ["MISSKEY_SERVER"] = server }, "run");
    }

    [Fact]
    public async Task A_missing_rules_folder_is_told()
    {
        await FailsAsync(78, "There is no rules folder or file 'rules'", Account(), "run");
    }

    [Fact]
    public async Task Rules_with_errors_are_shown_and_nothing_starts()
    {
        _folder.Write("rules/a.yaml", "rules:\n  - name: a\n    on: mentoin\n    do:\n      - reply: hi\n");

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, Account(), "run");

        Assert.Equal(65, exitCode);
        Assert.Contains("rules/a.yaml:3:9: error MKA1108: there is no trigger 'mentoin'", output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'mention'?", output, StringComparison.Ordinal);
        Assert.Contains("nothing was started", error, StringComparison.Ordinal);
        IsPlain(output + error);
        Assert.False(Directory.Exists(_folder["data"]), "nothing is left behind");
    }

    [Fact]
    public async Task A_busy_port_is_told_as_something_that_passes()
    {
        WriteRule();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await FailsAsync(75, "Something else listens on", Account(), "run", "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
    }

    [Theory]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("8080")]
    [InlineData("http://127.0.0.1:8080/hooks")]
    public async Task An_address_on_which_it_cannot_listen_is_told(string urls)
    {
        WriteRule();

        await FailsAsync(78, $"'{urls}' is no address to listen on", Account(), "run", "--urls", urls);
    }

    [Fact]
    public async Task A_second_engine_on_the_same_data_ends_and_the_first_goes_on()
    {
        WriteRule();
        await using var first = ProgramRun.Start(_folder.Path, Account(), "run", "--urls", "http://127.0.0.1:0");
        await Eventually.HoldsAsync(() => File.Exists(_folder["data/control.sock"]), "the first listens");

        await FailsAsync(73, "Another engine runs on the data directory 'data'", Account(), "run", "--urls", "http://127.0.0.1:0");

        Assert.False(first.HasExited, first.Error);
        var (exitCode, output, _) = await ProgramRun.ToEndAsync(_folder.Path, null, "panic", "on");
        Assert.Equal((0, true), (exitCode, output.StartsWith("Nothing goes out any more.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/proc/data")]
    [InlineData("rules/a.yaml")]
    [InlineData("rules/a.yaml/data")]
    public async Task A_data_directory_that_cannot_be_made_is_told(string data)
    {
        WriteRule();

        await FailsAsync(74, Path.GetFileName(data), Account(), "run", "--data", data);
    }

    [Fact]
    public async Task A_database_that_is_none_is_told_and_left_alone()
    {
        WriteRule();
        var file = _folder.Write("data/automations.db", new string('x', 5_000));

        await FailsAsync(74, "automations.db", Account(), "run", "--urls", "http://127.0.0.1:0");

        Assert.Equal(5_000, new FileInfo(file).Length);
    }

    [Fact]
    public async Task An_engine_that_is_told_to_end_does_so_with_zero_and_at_once()
    {
        WriteRule();
        await using var engine = ProgramRun.Start(_folder.Path, Account(), "run", "--urls", "http://127.0.0.1:0");
        await Eventually.HoldsAsync(() => File.Exists(_folder["data/control.sock"]), "it listens");

        await engine.TerminateAsync();

        Assert.Equal(0, await engine.ExitCodeAsync(TimeSpan.FromSeconds(10)));
        IsPlain(engine.Output + engine.Error);
    }

    [Fact]
    public async Task A_broken_edit_is_shown_with_its_place_while_the_engine_runs()
    {
        WriteRule();
        await using var engine = ProgramRun.Start(_folder.Path, Account(), "run", "--urls", "http://127.0.0.1:0");
        await engine.StartedAsync();

        _folder.Write("rules/a.yaml", "rules:\n  - name: a\n    on: mentoin\n    do:\n      - reply: hi\n");

        await Eventually.HoldsAsync(() => engine.Output.Contains("rules/a.yaml:3:9: error MKA1108", StringComparison.Ordinal), "it says where");
        Assert.False(engine.HasExited);
    }

    [Fact]
    public async Task What_is_sent_when_it_is_told_to_end_is_written_down_before_it_ends()
    {
        await using var house = await House.OpenAsync("rules: []", start: false);
        _folder.Write("rules/a.yaml", "rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n");
        house.Misskey.Inject("notes/create", MisskeyAutomations.Sandbox.Faults.Fault.Delay(TimeSpan.FromSeconds(3)));
        var port = FreePort.Find();
        await using var engine = ProgramRun.Start(_folder.Path, ProgramRun.EnvironmentOf(house.Misskey.Url, house.Owner.Token), "run", "--urls", $"http://127.0.0.1:{port}");
        await Eventually.HoldsAsync(() => File.Exists(_folder["data/control.sock"]), "it listens");
        house.World.AddWebhook(house.Owner, $"http://127.0.0.1:{port}/hooks/main", House.Secret, "mention");
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        var ledger = new Ledger(_folder["data"]);
        await Eventually.HoldsAsync(() => ledger.Steps().Any(), "the answer is on its way");

        await engine.TerminateAsync();

        Assert.Equal(0, await engine.ExitCodeAsync(TimeSpan.FromSeconds(15)));
        var step = Assert.Single(ledger.Steps());
        Assert.Contains(step.State, new[] { Engine.Runs.StepState.Done, Engine.Runs.StepState.Uncertain });
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count <= 1, "one at most");
        Assert.InRange(house.World.RepliesTo(his).Count, 0, 1);
    }

    private static Dictionary<string, string> Account() => new()
    {
        ["MISSKEY_SERVER"] = "http://127.0.0.1:9",
        ["MISSKEY_TOKEN"] = "token",
        ["MISSKEY_HOOK_SECRET"] = Secret,
    };

    private static void IsPlain(string text) => Assert.DoesNotContain('\u001b', text);

    private void WriteRule() => _folder.Write("rules/a.yaml", "rules: []\n");

    private async Task<string> FailsAsync(int expected, string sentence, Dictionary<string, string> environment, params string[] arguments)
    {
        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, environment, arguments);

        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(expected, exitCode);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        IsPlain(output + error);
        return error;
    }
}
