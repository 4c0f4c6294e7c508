using System.IO.Compression;

namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>What is sent often is compressed once, as small as can be.</summary>
internal static class Compressed
{
    /// <summary>For browsers that accept <c>br</c>.</summary>
    public static byte[] Brotli(byte[] bytes) => Compress(bytes, into => new BrotliStream(into, CompressionLevel.SmallestSize));

    /// <summary>For those that accept <c>gzip</c>.</summary>
    public static byte[] Gzip(byte[] bytes) => Compress(bytes, into => new GZipStream(into, CompressionLevel.SmallestSize));

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
