using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Connecting;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Secrets that would be known again are looked for wherever the program leaves a trace, after a life with as much trouble as possible.</summary>
public sealed partial class CanaryTests(ITestOutputHelper output)
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG ${note.said}
          - name: tells
            on: mention
            do:
              - http: OUTSIDE/${user.username}
                headers: { Authorization: "Bearer ${secret.TICKETS}", X-Other: "${secret.TICKETS}" }
                body: { key: "${secret.TICKETS}" }
                allow-private: true
          - name: fails
            on: mention
            do:
              - http: http://127.0.0.1:1/
                headers: { X-Key: "${secret.TICKETS}" }
        """;

    private static readonly string[] Canaries =
    [
        "CANARY-hook-current-0123", "CANARY-hook-former-0123", "CANARY-system-current-0123", "CANARY-system-former-0123", "CANARY-rule-secret-0123", "CANARY-database-0123", "CANARY-wrong-secret-0123",
        "CANARY-bad-token", "CANARY-short",
    ];

    private readonly StringBuilder _traces = new();

    [Fact]
    public async Task No_secret_is_found_in_what_the_program_logged_stored_answered_or_printed()
    {
        using var folder = new TemporaryFolder();
        await using var outside = RawServer.Start(RawServer.Json(500, """{"error":"no"}"""));
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        folder.Write("rules/rules.yaml", Rules.Replace("OUTSIDE", outside.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));
        var environment = EnvironmentOf(misskey.Url, alice.Token);
        environment["MISSKEYAUTOMATIONS__HTTP__ALLOW"] = $"127.0.0.1:{outside.Address.Port}";
        var port = FreePort.Find();

        await using (var engine = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{port}"))
        {
            await engine.StartedAsync();
            misskey.Inject("notes/create", Fault.ExecuteThen500, 2);
            await PostAllAsync(new Uri($"http://127.0.0.1:{port}"), alice.Id);
            await Eventually.HoldsAsync(() => outside.Requests.Count > 0, "the secret was used");
            Assert.Contains("CANARY-rule-secret-0123", outside.Requests[0].Head, StringComparison.Ordinal);
            folder.Write("rules/broken.yaml", "rules: [");
            await Eventually.HoldsAsync(() => (engine.Output + engine.Error).Contains("the last good ones stay in force", StringComparison.Ordinal), "broken rules are told");
            _traces.Append(File.ReadAllText($"/proc/{engine.Id}/cmdline"));
            foreach (var command in (string[][])[["why", "last"], ["uncertain", "list"], ["quarantine", "list"]])
            {
                await RunAsync(folder, environment, command);
            }

            await engine.KillAsync();
            _traces.Append(engine.Output).Append(engine.Error);
            Assert.Contains("dbug", engine.Output, StringComparison.Ordinal);
        }

        File.Delete(folder["rules/broken.yaml"]);
        foreach (var command in (string[][])[["scopes"], ["replay", "--since", "1d"], ["simulate", "last"]])
        {
            await RunAsync(folder, environment, command);
        }

        await FailAsync(folder, environment);
        Assert.Empty(Found(folder["data"], [.. Canaries, alice.Token]));
    }

    [Fact]
    public async Task No_secret_of_a_connected_account_is_found_either()
    {
        using var folder = new TemporaryFolder();
        using var browser = new HttpClient();
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var (alice, robot) = (misskey.World.AddAccount("alice"), misskey.World.AddAccount("robot"));
        folder.Write("rules/rules.yaml", "rules: [ { name: pong, on: mention, do: [ { reply: PONG! } ] } ]");
        var (server, door) = (misskey.Url.GetLeftPart(UriPartial.Authority), $"http://127.0.0.1:{FreePort.Find()}");
        var given = misskey.World.IssueToken(robot, "read:account", "read:blocks", "read:mutes", "read:notifications", "write:account", "write:notes");
        var former = new List<string>();

        await using (var engine = ProgramRun.Start(folder.Path, Loud, "connect", server, "--url", door, "--urls", door))
        {
            await Eventually.HoldsAsync(() => engine.HasExited || Page.IsMatch(engine.Output), "it shows a page");
            await Orders.DecideAsync(browser, new Uri(Page.Match(engine.Output).Value), "alice", "allow");
            await engine.StartedAsync();
            former.Add(Assert.Single(misskey.World.WebhooksOf(alice)).Secret);
            await TellAsync(folder, given + "\n", "connect", server, "--url", door, "--name", "robot", "--token-stdin", "--replace", "nothing");
            await TellAsync(folder, given + " and more\n", "connect", server, "--name", "wrong", "--token-stdin");
            await TellAsync(folder, null, "accounts", "rotate-secret", "main");
            await TellAsync(folder, null, "accounts", "list");
            await TellAsync(folder, null, "doctor", "--json");
            misskey.Inject("i/webhooks/*", Fault.ExecuteThen500, 3);
            await TellAsync(folder, null, "accounts", "rotate-secret", "robot");
            misskey.World.RevokeToken(given);
            await TellAsync(folder, null, "doctor");
            misskey.World.Post(misskey.World.AddAccount("bob"), "@alice @robot ping");
            await Eventually.HoldsAsync(() => misskey.World.NotesOf(alice).Count > 0, "it is answered");
            _traces.Append(File.ReadAllText($"/proc/{engine.Id}/cmdline")).Append(File.ReadAllText($"/proc/{engine.Id}/environ"));
            await engine.KillAsync();
            _traces.Append(engine.Output).Append(engine.Error);
            Assert.Contains("dbug", engine.Output, StringComparison.Ordinal);
        }

        var accounts = KnownAccounts.AllOf(new EngineSettings { Rules = folder["rules"], Data = folder["data"], Urls = door, Accounts = [] });
        string[] secrets = [.. accounts.Select(account => account.Token.Reveal()), .. accounts.SelectMany(account => account.HookSecrets).Select(secret => secret.Reveal()), .. former];

        Assert.Equal((2, 1), (accounts.Count, secrets.Count(secret => secret == given)));
        Assert.InRange(secrets.Distinct().Count(), 6, 10);
        Assert.Empty(Found(folder["data"], secrets));
    }

    private static Dictionary<string, string> Loud => new()
    {
        ["MISSKEYAUTOMATIONS__LOG__LEVEL"] = "debug",
        ["Logging__LogLevel__Default"] = "Trace",
        ["Logging__LogLevel__Microsoft"] = "Trace",
        ["Logging__LogLevel__System"] = "Trace",
    };

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/miauth/\S+", RegexOptions.None, 60_000)]
    private static partial Regex Page { get; }

    private static Dictionary<string, string> EnvironmentOf(Uri server, string token) => new([.. ProgramRun.EnvironmentOf(server, token), .. Loud])
    {
        ["MISSKEY_HOOK_SECRET"] = "CANARY-hook-current-0123",
        ["MISSKEY_PREVIOUS_HOOK_SECRET"] = "CANARY-hook-former-0123",
        ["MISSKEY_SYSTEM_HOOK_SECRET"] = "CANARY-system-current-0123",
        ["MISSKEY_PREVIOUS_SYSTEM_HOOK_SECRET"] = "CANARY-system-former-0123",
        ["MISSKEYAUTOMATIONS__SECRETS__TICKETS"] = "CANARY-rule-secret-0123",
    };

    private async Task PostAllAsync(Uri door, string me)
    {
        using var client = new HttpClient { BaseAddress = door };
        string Mention(int number) => """{"userId":"ME","eventId":"eN","type":"mention","body":{"note":{"id":"nN","userId":"u2","user":{"id":"u2","username":"bob","host":null},"text":"hi","visibility":"public","mentions":["ME"]}}}"""
            .Replace("ME", me, StringComparison.Ordinal).Replace("eN", $"e{number}", StringComparison.Ordinal).Replace("nN", $"n{number}", StringComparison.Ordinal);
        (string Secret, string Body, string Account)[] posts =
        [
            ("CANARY-hook-current-0123", Mention(1), "main"), ("CANARY-hook-former-0123", Mention(2), "main"), ("CANARY-system-current-0123", "{\"type\":\"userCreated\",\"body\":{\"id\":\"u9\"}}", "main"),
            ("CANARY-system-former-0123", Mention(3), "main"), ("CANARY-wrong-secret-0123", Mention(4), "main"), ("CANARY-hook-current-0123", "{", "main"), ("CANARY-hook-current-0123", "{\"a\":1,\"a\":2}", "main"),
            ("CANARY-hook-current-0123", Mention(5), "nobody"), ("CANARY-hook-current-0123, CANARY-hook-former-0123", Mention(6), "main"),
        ];
        foreach (var (secret, body, account) in posts)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{account}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Secret", secret);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            _traces.Append(answer).Append(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        foreach (var path in (string[])["/healthz", "/readyz", "/hooks/main", "/nothing", "/hooks/main?secret=CANARY"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            _traces.Append(answer).Append(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    // Starts that are refused: a store out of reach, settings that are wrong.
    private async Task FailAsync(TemporaryFolder folder, Dictionary<string, string> environment)
    {
        foreach (var (name, value) in ((string, string)[])
        [
            ("MISSKEYAUTOMATIONS__STORE", "Host=127.0.0.1;Port=1;Username=x;Password=CANARY-database-0123;Timeout=3"), ("MISSKEYAUTOMATIONS__STORE", "Password=CANARY-database-0123;Hoost=x"),
            ("MISSKEY_TOKEN", "CANARY-bad-token with a blank"), ("MISSKEY_HOOK_SECRET", "CANARY-short"), ("MISSKEY_SYSTEM_HOOK_SECRET", "CANARY-hook-current-0123"), ("MISSKEYAUTOMATIONS__URLS", "nowhere"),
        ])
        {
            var (exitCode, told, error) = await ProgramRun.ToEndAsync(folder.Path, new Dictionary<string, string>(environment) { [name] = value }, "run", "--data", folder["other"]);
            _traces.Append(told).Append(error);
            Assert.True(exitCode is 74 or 78, $"{name}: {exitCode} {error}");
            Assert.NotEqual("", error);
        }
    }

    private async Task TellAsync(TemporaryFolder folder, string? input, params string[] command)
    {
        await using var run = ProgramRun.Start(folder.Path, Loud, command);
        if (input is not null)
        {
            await run.InputAsync(input);
        }

        output.WriteLine($"{string.Join(' ', command)}: {await run.ExitCodeAsync()}");
        _traces.Append(run.Output).Append(run.Error);
    }

    private async Task RunAsync(TemporaryFolder folder, Dictionary<string, string> environment, string[] command)
    {
        var (exitCode, told, error) = await ProgramRun.ToEndAsync(folder.Path, environment, command);
        output.WriteLine($"{string.Join(' ', command)}: {exitCode}");
        _traces.Append(told).Append(error);
    }

    private IEnumerable<string> Found(string data, IReadOnlyList<string> secrets)
    {
        var traces = _traces.ToString();
        var files = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0).ToList();
        Assert.NotEmpty(files);
        output.WriteLine($"{traces.Length} characters, {files.Count} files of {files.Sum(file => new FileInfo(file).Length)} bytes were searched");
        foreach (var secret in secrets)
        {
            if (traces.IndexOf(secret, StringComparison.Ordinal) is var at and >= 0)
            {
                yield return $"{secret}: …{traces[Math.Max(0, at - 200)..Math.Min(traces.Length, at + 100)]}…";
            }

            foreach (var file in files.Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0))
            {
                yield return $"{secret} in {file}";
            }
        }
    }
}
