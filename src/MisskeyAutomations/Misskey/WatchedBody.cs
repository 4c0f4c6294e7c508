using System.Net;

namespace MisskeyAutomations.Misskey;

/// <summary>A request's body that knows whether its sending has begun.</summary>
internal abstract class WatchedBody : HttpContent
{
    private volatile bool _hasBegun;

    /// <summary>
    /// Whether the transport has asked for the first byte. While it has not, no server can have acted on the request, whatever
    /// failed: Misskey does nothing without a body. Afterwards nothing is certain.
    /// </summary>
    public bool HasBegun => _hasBegun;

    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _hasBegun = true;
        return WriteAsync(stream, cancellationToken);
    }
}
