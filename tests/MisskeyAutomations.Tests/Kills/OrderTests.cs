using System.Globalization;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// What a killed process cannot show, the kernel does: each webhook's row is written and flushed to the disk before its answer is sent.
/// A power cut then takes nothing that was acknowledged. <c>MKA_EVENTS</c> says how many are looked at.
/// </summary>
public sealed class OrderTests(ITestOutputHelper output)
{
    private const string Log = "automations.db-wal>";

    [Fact]
    public async Task A_webhook_is_answered_after_its_row_is_on_the_disk()
    {
        var events = Numbers.Of("MKA_EVENTS") ?? 1_000;
        using var folder = new TemporaryFolder();
        folder.Write("rules/rules.yaml", "rules: []\n");
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, DeliveriesPerSecond = 100_000 }, TestContext.Current.CancellationToken);
        await using var receiver = await HookReceiver.StartAsync();
        var alice = misskey.World.AddAccount("alice");
        misskey.World.AddWebhook(alice, receiver.Url, House.Secret, "mention");
        var port = FreePort.Find();
        await using var engine = ProgramRun.Start(folder.Path, ProgramRun.EnvironmentOf(misskey.Url, alice.Token), "run", "--urls", $"http://127.0.0.1:{port}");
        await engine.StartedAsync();
        await using var trace = await SystemCalls.TraceAsync(engine.Id, folder["trace"], "pwrite64,fsync,fdatasync,sendto,sendmsg");

        using var http = new HttpClient();
        for (var number = 0; number < events; number++)
        {
            misskey.World.Post(misskey.World.AddAccount($"user{number}"), $"@alice {Marker(number)}");
            Assert.True(await http.DeliverAsync(new Uri($"http://127.0.0.1:{port}/hooks/main"), await receiver.NextAsync(), TestContext.Current.CancellationToken));
        }

        var inOrder = CountInOrder(await trace.EndAsync(), events);
        output.WriteLine($"row written, flushed, answered: {inOrder} of {events}");
        Assert.Equal(events, inOrder);
    }

    private static string Marker(int number) => string.Create(CultureInfo.InvariantCulture, $"order-{number:D6}");

    private static int CountInOrder(IEnumerable<string> calls, int events)
    {
        var (inOrder, number, isWritten, isFlushed) = (0, 0, false, false);
        foreach (var call in calls)
        {
            if (call.StartsWith("pwrite64", StringComparison.Ordinal) && call.Contains(Log, StringComparison.Ordinal) && call.Contains(Marker(number), StringComparison.Ordinal))
            {
                // Written again is what stands beside it and was changed since: the row stays where it was flushed to.
                isWritten = true;
            }
            else if (call.StartsWith('f') && call.Contains(Log, StringComparison.Ordinal))
            {
                isFlushed |= isWritten;
            }
            else if (call.StartsWith("send", StringComparison.Ordinal) && call.Contains("HTTP/1.1 204", StringComparison.Ordinal))
            {
                inOrder += isFlushed ? 1 : 0;
                (number, isWritten, isFlushed) = (number + 1, false, false);
            }
        }

        Assert.Equal(events, number);
        return inOrder;
    }
}
