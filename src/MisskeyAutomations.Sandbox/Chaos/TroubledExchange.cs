using System.Diagnostics;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>What becomes of a connection after an exchange.</summary>
internal enum Ending
{
    /// <summary>It is good for another.</summary>
    Stay,

    /// <summary>It ends, after what was sent.</summary>
    Close,

    /// <summary>It is reset; what was sent may be lost.</summary>
    Reset,
}

/// <summary>Serves one request, each on a connection of its own to the target.</summary>
internal sealed class TroubledExchange(Uri target, NetworkStream near, HttpMessage request, TimeProvider time)
{
    private const string Text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /// <summary>Serves it, and says what is to become of the caller's connection.</summary>
    public async Task<Ending> ServeAsync(Trouble? trouble, CancellationToken cancellationToken)
    {
        switch (trouble)
        {
            case null:
                return await GiveAsync(await ForwardAsync(cancellationToken), cancellationToken);
            case Trouble.CutRequest cut:
                await CutAsync(cut.Bytes, cancellationToken);
                return Ending.Reset;
            case Trouble.CutAnswer cut when await ForwardAsync(cancellationToken) is { } answer:
                await near.WriteAsync(answer.Bytes[..Math.Min(cut.Bytes, answer.Bytes.Length)], cancellationToken);
                return cut.Bytes == 0 ? Ending.Reset : Ending.Close;
            case Trouble.BlackHole:
                await near.ReadExactlyAsync(new byte[1], cancellationToken);
                return Ending.Reset;
            case Trouble.Delay delay:
                await Task.Delay(delay.Time, time, cancellationToken);
                return await GiveAsync(await ForwardAsync(cancellationToken), cancellationToken);
            case Trouble.Twice:
                var first = await ForwardAsync(cancellationToken);
                var second = await ForwardAsync(cancellationToken);
                return await GiveAsync(first ?? second, cancellationToken);
            case Trouble.Drip drip when await ForwardAsync(cancellationToken) is { } answer:
                await DripAsync(answer, drip.Between, cancellationToken);
                return Ending.Stay;
            case Trouble.Instead { IsPassedOn: true } instead:
                var real = await ForwardAsync(cancellationToken);
                if (instead.Answer.IsSuccess && !IsSuccess(real))
                {
                    return await GiveAsync(real, cancellationToken);
                }

                await near.WriteAsync(instead.Answer.ToBytes(), cancellationToken);
                return Ending.Stay;
            case Trouble.Instead instead:
                await near.WriteAsync(instead.Answer.ToBytes(), cancellationToken);
                return Ending.Stay;
            case Trouble.Flood flood:
                var drowned = await ForwardAsync(cancellationToken);
                if (!IsSuccess(drowned))
                {
                    return await GiveAsync(drowned, cancellationToken);
                }

                await (flood.IsZipped ? BombAsync(flood.Bytes, cancellationToken) : FloodAsync(flood.Bytes, cancellationToken));
                return Ending.Stay;
            case Trouble.CutAnswer or Trouble.Drip:
                return Ending.Reset;
            default:
                throw new UnreachableException();
        }
    }

    private static bool IsSuccess(HttpMessage? answer) => answer is { Second: ['2', ..] };

    private async Task<Ending> GiveAsync(HttpMessage? answer, CancellationToken cancellationToken)
    {
        if (answer is null)
        {
            return Ending.Reset;
        }

        await near.WriteAsync(answer.Bytes, cancellationToken);
        return answer.IsLast ? Ending.Close : Ending.Stay;
    }

    // Null when the target cannot be reached or leaves without an answer.
    private async Task<HttpMessage?> ForwardAsync(CancellationToken cancellationToken)
    {
        using var far = new TcpClient { NoDelay = true };
        try
        {
            await far.ConnectAsync(target.Host, target.Port, cancellationToken);
            await far.GetStream().WriteAsync(request.Bytes, cancellationToken);
            return await HttpMessage.ReadAsync(far.GetStream(), cancellationToken);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            return null;
        }
    }

    private async Task CutAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytes >= request.Bytes.Length)
        {
            await ForwardAsync(cancellationToken);
            return;
        }

        using var far = new TcpClient { NoDelay = true };
        await far.ConnectAsync(target.Host, target.Port, cancellationToken);
        await far.GetStream().WriteAsync(request.Bytes[..bytes], cancellationToken);
        far.LingerState = bytes % 2 == 0 ? new LingerOption(enable: true, seconds: 0) : new LingerOption(enable: false, seconds: 0); // A reset or an end: both happen.
    }

    private async Task DripAsync(HttpMessage answer, TimeSpan between, CancellationToken cancellationToken)
    {
        for (var at = 0; at < answer.Bytes.Length; at++)
        {
            await near.WriteAsync(answer.Bytes.Slice(at, 1), cancellationToken);
            await Task.Delay(between, time, cancellationToken);
        }
    }

    private async Task FloodAsync(long bytes, CancellationToken cancellationToken)
    {
        await near.WriteAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Text}Content-Length: {bytes + 2}\r\n\r\n\"")), cancellationToken);
        var chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)'x');
        for (var left = bytes; left > 0; left -= chunk.Length)
        {
            await near.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancellationToken);
        }

        await near.WriteAsync("\""u8.ToArray(), cancellationToken);
    }

    private async Task BombAsync(long bytes, CancellationToken cancellationToken)
    {
        var zipped = new MemoryStream();
        await using (var zip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var chunk = new byte[64 * 1024];
            chunk.AsSpan().Fill((byte)' ');
            for (var left = bytes; left > 0; left -= chunk.Length)
            {
                zip.Write(chunk, 0, (int)Math.Min(left, chunk.Length));
            }
        }

        await near.WriteAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Text}Content-Encoding: gzip\r\nContent-Length: {zipped.Length}\r\n\r\n")), cancellationToken);
        await near.WriteAsync(zipped.GetBuffer().AsMemory(0, (int)zipped.Length), cancellationToken);
    }
}
