using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Tests.Webhooks;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Bodies that reach the door with a right secret, whoever sent them: each is answered as it must be, and whatever is taken is decided.</summary>
public sealed class WebhookBodyCorpusTests : IAsyncLifetime
{
    private const int Large = 500_000;

    private static readonly DecidingRig Deciding = new("""
        rules:
          - { name: everything, include: [self, bots, muted], on: EVERYTHING, do: { log: x, allow-private: true } }
        """);

    private Door _door = null!;

    public async ValueTask InitializeAsync() => _door = await Door.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    /// <summary>The verdict is the status; for 204 also the gate that refuses it to a rule on everything, that it runs, or the state in which it is kept.</summary>
    [Fact]
    public Task Every_body_gets_its_answer_and_its_decision() => Corpus.CheckAsync("webhook-bodies.corpus", atLeast: 1_200, JudgeAsync, atOnce: 16);

    private async Task<string> JudgeAsync(string text)
    {
        var body = text.StartsWith('@') ? Recorded(text[1..]) : CorpusBytes.Of(text);
        var status = await PostAsync(body);
        return status == 204 ? $"204 {await Deciding.DecideAsync(body, EnvelopeScan.Of(body).Scrubbed, new MutedPeople())}" : $"{status}";
    }

    private static byte[] Recorded(string text)
    {
        var (_, envelope) = RecordedChange.Read(Encoding.UTF8.GetString(CorpusBytes.Of(text)));
        envelope["createdAt"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(envelope);
    }

    private async Task<int> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/alice") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Misskey-Hook-Secret", Door.Secret);

        // Whoever sends what is too large hears so before it has sent it.
        request.Headers.ExpectContinue = body.Length > Large;
        using var answer = await _door.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
