using System.Net;
using System.Net.Sockets;
using System.Text;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Webhooks;

/// <summary>Senders that take their time, or do not stop. The door is a process of its own, so that its memory is its own.</summary>
public sealed class SlowSenderTests(ITestOutputHelper output)
{
    private const int Slow = 500;
    private const int Genuine = 50;
    private const long MebiByte = 1024 * 1024;
    private const long MostGrowth = 64 * MebiByte;

    private static readonly string Head = $"POST /hooks/alice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Misskey-Hook-Secret: {Door.Secret}\r\n";

    public static TheoryData<string> Beginnings => [.. Begun.Keys];

    public static TheoryData<string> Giants => [.. Endless.Keys];

    private static Dictionary<string, string> Begun { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = "",
        ["half a request line"] = "POST /ho",
        ["half of the headers"] = "POST /hooks/alice HTTP/1.1\r\nHost: x\r\nX-A: ",
        ["headers and a byte"] = Head + "Content-Length: 100000\r\n\r\n{",
        ["half a chunk"] = Head + "Transfer-Encoding: chunked\r\n\r\nffff\r\n{",
        ["a wrong secret and no body"] = "POST /hooks/alice HTTP/1.1\r\nHost: x\r\nX-Misskey-Hook-Secret: wrong\r\nContent-Length: 100000\r\n\r\n",
        ["requests whose answers are not read"] = string.Concat(Enumerable.Repeat("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 100)),
    };

    private static Dictionary<string, (string Head, string Answers)> Endless { get; } = new(StringComparer.Ordinal)
    {
        ["a length of 100 MiB"] = (Head + "Content-Length: 104857600\r\n\r\n", "413"),
        ["a length of a byte too much"] = (Head + $"Content-Length: {MebiByte + 1}\r\n\r\n", "413"),
        ["chunks without end"] = (Head + "Transfer-Encoding: chunked\r\n\r\n", "413"),
        ["a wrong secret and chunks without end"] = (Head.Replace(Door.Secret, "wrong", StringComparison.Ordinal) + "Transfer-Encoding: chunked\r\n\r\n", "401"),

        // What follows is read as the beginning of another request, which is no request or too long a one: as it happens to arrive.
        ["more than the length says"] = (Head + "Content-Length: 2\r\n\r\n{}", "204 400|204 414"),
        ["a header without end"] = (Head + "X-A: ", "431"),
        ["a request line without end"] = ("POST /", "414"),
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task Genuine_webhooks_are_taken_beside_hundreds_of_senders_that_stand_still(string begun)
    {
        using var folder = new TemporaryFolder();
        using var door = await ChildDoor.StartAsync(folder.Path);
        using var client = new HttpClient { BaseAddress = door.Address };
        await PostAsync(client);
        var before = door.ResidentMemory;
        var senders = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => BeginAsync(door, Begun[begun])));

        await PostAsync(client);
        var growth = door.ResidentMemory - before;
        foreach (var sender in senders)
        {
            sender.Dispose();
        }

        output.WriteLine($"{begun}: {Slow} connections cost {growth / MebiByte} MiB");
        Assert.InRange(growth, long.MinValue, MostGrowth);
        await PostAsync(client);
    }

    [Theory]
    [InlineData("half of the headers", "408")]
    [InlineData("headers and a byte", "503")]
    public async Task Who_stands_still_is_let_go(string begun, string status)
    {
        using var folder = new TemporaryFolder();
        using var door = await ChildDoor.StartAsync(folder.Path);
        using var sender = await BeginAsync(door, Begun[begun]);

        Assert.StartsWith($"HTTP/1.1 {status} ", await ReadToEndAsync(sender), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Giants))]
    public async Task What_has_no_end_is_cut_off_and_costs_no_memory(string name)
    {
        using var folder = new TemporaryFolder();
        using var door = await ChildDoor.StartAsync(folder.Path);
        using var client = new HttpClient { BaseAddress = door.Address };
        await PostAsync(client);
        var before = door.ResidentMemory;
        using var sender = await BeginAsync(door, Endless[name].Head);

        var (answer, sent) = await PourAsync(sender, isChunked: name.Contains("chunks", StringComparison.Ordinal));
        var growth = door.ResidentMemory - before;

        output.WriteLine($"{name}: {sent / 1024} KiB left the sender, memory grew by {growth / MebiByte} MiB");
        Assert.Contains(string.Join(' ', answer.Split("HTTP/1.1 ").Skip(1).Select(rest => rest[..3])), Endless[name].Answers.Split('|'));
        Assert.InRange(growth, long.MinValue, MostGrowth);
        await PostAsync(client);
    }

    private static async Task<TcpClient> BeginAsync(ChildDoor door, string text)
    {
        var sender = new TcpClient { SendBufferSize = 16 * 1024, ReceiveBufferSize = 4 * 1024 };
        await sender.ConnectAsync(door.Address.Host, door.Address.Port, TestContext.Current.CancellationToken);
        await sender.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        return sender;
    }

    // Sends until the other side has had enough; what the kernel holds for it on the way counts as sent.
    private static async Task<(string Answer, long Sent)> PourAsync(TcpClient sender, bool isChunked)
    {
        byte[] piece = isChunked ? [.. "4000\r\n"u8, .. Enumerable.Repeat((byte)' ', 0x4000), .. "\r\n"u8] : [.. Enumerable.Repeat((byte)'x', 0x4000)];
        var answer = ReadToEndAsync(sender);
        var sent = 0L;
        try
        {
            while (!answer.IsCompleted)
            {
                await sender.GetStream().WriteAsync(piece, TestContext.Current.CancellationToken);
                sent += piece.Length;
                Assert.True(sent < 1024 * MebiByte, "it is never cut off");
            }
        }
        catch (IOException)
        {
            // That is what is meant.
        }

        return (await answer, sent);
    }

    private static async Task<string> ReadToEndAsync(TcpClient sender)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Patience);
        var answer = new MemoryStream();
        try
        {
            await sender.GetStream().CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // A reset: what came before it is the answer.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }

    private static async Task PostAsync(HttpClient client)
    {
        for (var number = 0; number < Genuine; number++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/alice") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Misskey-Hook-Secret", Door.Secret);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
    }
}
