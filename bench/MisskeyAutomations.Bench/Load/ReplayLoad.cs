using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>What the past costs: <c>replay</c> as a command over 100,000 recorded mentions of a week, with few that act, and with all of them far over the budgets.</summary>
internal static class ReplayLoad
{
    private const int Events = 100_000;
    private static readonly TimeSpan Length = TimeSpan.FromDays(7);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        try
        {
            var data = Path.Combine(folder, "data");
            await RecordAsync(data);
            foreach (var (what, when, late) in new[] { ("one of ten acts", "endsWith(note.said, '7')", "1h"), ("all act, far over the budgets", "true", "30d") })
            {
                var rules = Path.Combine(folder, $"{late}.yaml");
                File.WriteAllText(rules, Rules(when, late));
                await TellAsync(what, data, rules);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task TellAsync(string what, string data, string rules) => Costs.Tell(
        $"replay of {Events:N0} events, the whole command, {what}",
        await Costs.MeasureAsync(() => Costs.OfCommandAsync("replay", "--since", "8d", "--data", data, "--rules", rules), 3), "to reach: 60,000 ms");

    private static string Rules(string when, string late) => $$"""
        rules:
          - name: answer
            on: mention
            when: {{when}}
            late: {{late}}
            do:
              - reply: Hello, ${user.name}!

        """;

    private static async Task RecordAsync(string data)
    {
        var time = TimeProvider.System;
        using var store = Store.Open(new StoreOptions { DataDirectory = data }, time, NullLoggerFactory.Instance);
        var inbox = new StoredInbox(store, new StoreHealth(store, time), time);
        var began = time.GetUtcNow() - Length;
        foreach (var chunk in Enumerable.Range(0, Events).Chunk(1_000))
        {
            await Task.WhenAll(chunk.Select(number => inbox.AddAsync(Mention(number, began + (Length * number / Events)), CancellationToken.None)));
            var taken = await inbox.TakeAsync(0, chunk.Length, CancellationToken.None);
            await Task.WhenAll(taken.Select(delivery => inbox.CompleteAsync(Decided(delivery), CancellationToken.None)));
        }
    }

    private static NewDelivery Mention(int number, DateTimeOffset at)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$$$"""
            {"server":"https://misskey.example","hookId":"hook","userId":"atxo91l6nxg80004","eventId":"{{{{Guid.NewGuid()}}}}","createdAt":{{{{at.ToUnixTimeMilliseconds()}}}},"type":"mention","body":{"note":{"id":"n{{{{number}}}}","createdAt":"{{{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}}","userId":"u{{{{number % 5_000}}}}","user":{"id":"u{{{{number % 5_000}}}}","name":null,"username":"user{{{{number % 5_000}}}}","host":null,"avatarUrl":null,"isBot":false,"isCat":false,"emojis":{}},"text":"@me number {{{{number}}}}","cw":null,"visibility":"public","localOnly":false,"fileIds":[],"files":[],"replyId":null,"renoteId":null,"mentions":["atxo91l6nxg80004"]}}}
            """);
        return new("main", "hook", Guid.NewGuid().ToString(), "webhook", at, Encoding.UTF8.GetBytes(body), Scrubbed: false) { CreatedAt = at.ToUnixTimeMilliseconds() };
    }

    private static Decision Decided(Delivery delivery) => new()
    {
        DeliveryId = delivery.Id,
        Account = delivery.Account,
        HookId = delivery.HookId,
        State = DeliveryState.Planned,
        Type = "mention",
        Subject = new Subject($"note:{delivery.Id}", Recurs: false),
        EventAt = delivery.ReceivedAt,
    };
}
