using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Webhooks;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// Requests as bytes. Behind each stands another one that asks for health and for the end of the connection: whatever is read as more or
/// less than what it is shows in the statuses.
/// </summary>
public sealed partial class FramingCorpusTests : IAsyncLifetime
{
    private static readonly byte[] Behind = [.. "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8];

    private readonly ConcurrentBag<string> _accepted = [];
    private Door _door = null!;

    public async ValueTask InitializeAsync() => _door = await Door.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Every_request_is_answered_as_it_must_be_and_stored_as_often_as_it_was_accepted()
    {
        await Corpus.CheckAsync("http-framing.corpus", atLeast: 300, JudgeAsync, atOnce: 32);

        Assert.Equal(_accepted.Sum(statuses => statuses.Split(' ').Count(status => status == "204")), (await _door.StoredAsync()).Count);
    }

    private async Task<string> JudgeAsync(string text)
    {
        var (first, second) = ($$"""{"eventId":"{{Guid.NewGuid():N}}"}""", $$"""{"eventId":"{{Guid.NewGuid():N}}"}""");
        var request = CorpusBytes.Of(text
            .Replace("BODY2", second, StringComparison.Ordinal).Replace("BODY", first, StringComparison.Ordinal)
            .Replace("LENX", first.Length.ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("LEN", first.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("SECRET", Door.Secret, StringComparison.Ordinal).Replace("FORMER", Door.FormerSecret, StringComparison.Ordinal));
        var verdict = string.Join(' ', StatusLine().Matches(await SendAsync([.. request, .. Behind])).Select(line => line.Groups["status"].Value));
        _accepted.Add(verdict);
        return verdict.Length == 0 ? "CLOSED" : verdict;
    }

    private async Task<string> SendAsync(byte[] bytes)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(_door.Address.Host, _door.Address.Port, patience.Token);
        var answer = new MemoryStream();
        try
        {
            await client.GetStream().WriteAsync(bytes, patience.Token);
            await client.GetStream().CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // A reset: what came before it is the answer.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>[0-9]{3})", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex StatusLine();
}
