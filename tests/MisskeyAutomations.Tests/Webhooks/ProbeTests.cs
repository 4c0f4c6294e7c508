using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Webhooks;

/// <summary>Nobody learns from answers which accounts there are.</summary>
public sealed partial class ProbeTests
{
    private const int Probes = 1_000;

    [Fact]
    public async Task Every_probe_without_the_secret_is_answered_with_the_same_bytes()
    {
        await using var door = await Door.OpenAsync();
        var random = new Random(1);
        string[] accounts = ["alice", "bob", "nobody", "Alice", "admin", "alice%20", new('a', 200)];
        string[] secrets = ["", "wrong", Door.Secret + "x", Door.Secret[..^1], "shhh-bob-012345678", Door.SystemSecret.ToUpperInvariant(), new('s', 1_000)];
        string[] types = ["application/json", "text/plain", "multipart/form-data; boundary=x", ""];
        string[] bodies = ["{}", "", "no JSON", "{\"a\":1,\"a\":2}", new('x', 3_000)];
        var probes = Enumerable.Range(0, Probes).Select(_ =>
        {
            var body = random.GetItems(bodies, 1)[0];
            return $"POST /hooks/{random.GetItems(accounts, 1)[0]} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {random.GetItems(types, 1)[0]}\r\n"
                + $"X-Misskey-Hook-Secret: {random.GetItems(secrets, 1)[0]}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        }).ToArray();
        var answers = new string[Probes];

        await Parallel.ForAsync(0, Probes, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) => answers[number] = Date().Replace(await door.SendRawAsync(probes[number]), "Date: -"));

        Assert.StartsWith("HTTP/1.1 401 ", Assert.Single(answers.Distinct(StringComparer.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(await door.StoredAsync());
    }

    [GeneratedRegex("Date: [^\r\n]+", RegexOptions.NonBacktracking)]
    private static partial Regex Date();
}
