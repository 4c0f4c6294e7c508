using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Webhooks;

public sealed class KillTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ConcurrentBag<string> _accepted = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nothing_that_was_accepted_is_lost_when_the_process_is_killed_under_load()
    {
        var random = new Random(1);
        for (var round = 0; round < 4; round++)
        {
            using var door = await ChildDoor.StartAsync(_directory.Path);
            using var client = new HttpClient { BaseAddress = door.Address };
            var before = _accepted.Count;
            var load = Enumerable.Range(0, 16).Select(_ => Task.Run(() => PostUntilItDiesAsync(client), Token)).ToList();
            while (_accepted.Count < before + 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300)), TimeProvider.System, Token);
            door.Kill();
            await Task.WhenAll(load);
        }

        using var store = Store.Open(new StoreOptions { DataDirectory = _directory.Path }, TimeProvider.System);
        var inbox = new StoredInbox(store, new StoreHealth(store, TimeProvider.System), TimeProvider.System);
        var stored = await TakeAllAsync(inbox);
        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(_accepted.Except(stored, StringComparer.Ordinal));
        Assert.Equal("ok", await store.Writer.RunAsync(db => db.Sql("pragma integrity_check").First(row => row.Text(0)), Token));
    }

    // Whoever would have to wait for one more has all.
    private static async Task<List<string>> TakeAllAsync(StoredInbox inbox)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stored = new List<string>();
        var taking = inbox.TakeAsync(0, 1_000, end.Token);
        while (taking.IsCompleted)
        {
            var batch = await taking;
            stored.AddRange(batch.Select(delivery => delivery.EventId));
            taking = inbox.TakeAsync(batch[^1].Id, 1_000, end.Token);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        return stored;
    }

    private async Task PostUntilItDiesAsync(HttpClient client)
    {
        try
        {
            while (true)
            {
                var id = Guid.NewGuid().ToString();
                using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/alice")
                {
                    Content = new StringContent($$"""{"eventId":"{{id}}","createdAt":1795489414839,"text":"{{new string('x', 2_000)}}"}""", Encoding.UTF8, "application/json"),
                };
                request.Headers.Add("X-Misskey-Hook-Secret", Door.Secret);
                using var answer = await client.SendAsync(request, Token);
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    _accepted.Add(id);
                }
            }
        }
        catch (HttpRequestException)
        {
            // It died.
        }
    }
}
