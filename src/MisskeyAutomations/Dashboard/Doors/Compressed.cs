using System.IO.Compression;

namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>What is sent often: compressed once in each way, as small as can be.</summary>
internal sealed class Compressed(byte[] bytes)
{
    private readonly Lazy<byte[]> _brotli = new(() => Compress(bytes, into => new BrotliStream(into, CompressionLevel.SmallestSize)));
    private readonly Lazy<byte[]> _gzip = new(() => Compress(bytes, into => new GZipStream(into, CompressionLevel.SmallestSize)));

    /// <summary>Sends it in the smallest way that the browser takes: without https some take no Brotli.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var (headers, accepted) = (context.Response.Headers, context.Request.Headers.AcceptEncoding.ToString());
        headers.Vary = "Accept-Encoding";
        var (encoding, sent) = accepted.Contains("br", StringComparison.Ordinal) ? ("br", _brotli.Value)
            : accepted.Contains("gzip", StringComparison.Ordinal) ? ("gzip", _gzip.Value) : (null, bytes);
        headers.ContentEncoding = encoding;
        headers.ContentLength = sent.Length;
        return context.Response.Body.WriteAsync(sent, context.RequestAborted).AsTask();
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> begin)
    {
        using var small = new MemoryStream();
        using (var compressing = begin(small))
        {
            compressing.Write(bytes);
        }

        return small.ToArray();
    }
}
