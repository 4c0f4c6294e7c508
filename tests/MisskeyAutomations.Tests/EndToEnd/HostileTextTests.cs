using System.Text;
using System.Text.Json;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Corpora;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Whatever people put into names and texts, no line that a command prints is ended, turned around or obeyed by a terminal because of it.</summary>
public sealed class HostileTextTests(ITestOutputHelper output)
{
    private const string Rules = """
        rules:
          - name: tells
            on: mention
            when: contains(note.said, 'ping')
            do:
              - log: "${user.name} said ${note.text}"
                allow-private: true
          - name: refuses
            on: mention
            when: contains(user.name, 'never') or note.text == user.name
            do:
              - log: never
        """;

    private static readonly string[] Hostile =
    [
        .. Enumerable.Range(0, 0x20).Select(unit => $"a{(char)unit}b"), .. Enumerable.Range(0x7F, 0x21).Select(unit => $"a{(char)unit}b"),
        .. ((int[])[0xAD, 0x34F, 0x600, 0x61C, 0x6DD, 0x70F, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2061,
            0x2066, 0x2067, 0x2068, 0x2069, 0x206A, 0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0xFFFC, 0xFFFE, 0xFFFF, 0x110BD, 0x1D173, 0xE0001, 0xE0041]).Select(unit => $"a{new Rune(unit)}b"),
        "\u001b[2J\u001b[H", "\u001b]0;title\a", "\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\", "\u009b31m", "\r\ninfo: MisskeyAutomations[0] all is well", "\nfail: made up",
        "[red]markup[/]", "[link=http://evil]x[/]", "{Template} {0}", "%s%n", "\b\b\b\b", "\f", "a\u202egpj.exe", new string('\u001b', 500), "\ud800", "\u0000", "x\u2028y\u2029z\u0085w",
        "ping\u001b[8m", "ping\u202e", "ping\r\n", "never\u001b[5m",
    ];

    private static readonly Rune[] Harmful = [.. Hostile.SelectMany(text => text.EnumerateRunes()).Where(IsHarmful).Distinct()];

    [Fact]
    public async Task No_line_of_a_command_has_a_character_that_a_terminal_obeys()
    {
        Assert.True(Hostile.Length >= 120, $"only {Hostile.Length}");
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", Rules);
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var environment = ProgramRun.EnvironmentOf(misskey.Url, alice.Token);
        var port = FreePort.Find();
        var events = Hostile.Select((text, number) => Event(text, number, alice.Id)).ToList();
        folder.Write("events.jsonl", string.Join('\n', events));
        await using var engine = ProgramRun.Start(folder.Path, environment, "run", "--urls", $"http://127.0.0.1:{port}");
        await engine.StartedAsync();
        using var client = new HttpClient();
        foreach (var one in events)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/hooks/main") { Content = new StringContent(one, Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Misskey-Hook-Secret", House.Secret);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(204, (int)answer.StatusCode);
        }

        var ledger = new Ledger(folder["data"]);
        await Eventually.HoldsAsync(() => ledger.Deliveries().Count == events.Count && ledger.IsAtRest(TimeProvider.System.GetUtcNow()), "all is decided");
        foreach (var command in (string[][])[["why"], ["why", "last"], ["why", "1"], ["why", "last", "refuses"], ["quarantine", "list"], ["uncertain", "list"], ["simulate", "events.jsonl"], ["replay", "--since", "1d", "--all"]])
        {
            var (exitCode, told, error) = await ProgramRun.ToEndAsync(folder.Path, environment, command);
            output.WriteLine($"{string.Join(' ', command)}: {exitCode}, {told.Length} characters");
            Assert.True(exitCode is 0 or 1, error);
            IsClean(string.Join(' ', command), told + error);
        }
    }

    private static void IsClean(string what, string told) => Assert.All(Harmful, rune =>
        Assert.False(told.EnumerateRunes().Contains(rune), $"`{what}` printed U+{rune.Value:X4}: {Visible.Write(told.Split('\n').FirstOrDefault(line => line.EnumerateRunes().Contains(rune)) ?? "")}"));

    // A line of ours ends with a line feed; joiners of emoji and directions of letters harm nobody.
    private static bool IsHarmful(Rune rune) => rune.Value is not '\n' and not 0x200D and not 0x200C and not 0xFFFD
        && (Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2028 or 0x2029 or 0xFEFF);

    private static string Event(string text, int number, string me) => JsonSerializer.Serialize(new
    {
        server = "https://m.example",
        hookId = $"h{text}",
        userId = me,
        eventId = $"{text}{number}",
        createdAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        type = number % 10 == 0 ? $"strange {text}" : "mention",
        body = new
        {
            note = number % 10 == 1 ? null : new
            {
                id = $"n{number}{text}",
                userId = "u2",
                user = new { id = $"u{text}", username = $"bob{text}", name = $"ping {text}", host = $"{text}.example" },
                text = $"ping {text}",
                cw = text,
                visibility = number % 3 == 0 ? text : "public",
                mentions = (string[])[me],
            },
        },
    });
}
