using System.Net.Http.Headers;
using System.Text;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// A JSON body that is sent byte for byte as it was frozen, and that knows whether its sending has begun.
/// </summary>
internal sealed class FrozenBody : WatchedBody
{
    private readonly byte[] _bytes;

    public FrozenBody(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(_bytes, cancellationToken).AsTask();

    /// <summary>Known beforehand, so that the request has a <c>Content-Length</c> and is not chunked.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
