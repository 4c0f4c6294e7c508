using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// A JSON body that is sent byte for byte as it was frozen, and that knows whether its sending has begun.
/// </summary>
internal sealed class FrozenBody : HttpContent
{
    private readonly byte[] _bytes;
    private volatile bool _hasBegun;

    public FrozenBody(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>
    /// Whether the transport has asked for the first byte. While it has not, no server can have acted on the request, whatever
    /// failed: Misskey does nothing without a body. Afterwards nothing is certain.
    /// </summary>
    public bool HasBegun => _hasBegun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _hasBegun = true;
        return stream.WriteAsync(_bytes, cancellationToken).AsTask();
    }

    /// <summary>Known beforehand, so that the request has a <c>Content-Length</c> and is not chunked.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
