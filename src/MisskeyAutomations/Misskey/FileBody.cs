using System.Net.Http.Headers;

namespace MisskeyAutomations.Misskey;

/// <summary>A file on its way into a drive, as Misskey takes files: a form with its name and its bytes.</summary>
internal sealed class FileBody : WatchedBody
{
    private readonly MultipartFormDataContent _form = [];

    public FileBody(string name, string type, byte[] bytes)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        _form.Add(new StringContent(name), "\"name\"");
        _form.Add(file, "\"file\"", "\"file\"");
        Headers.ContentType = _form.Headers.ContentType;
    }

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _form.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _form.Headers.ContentLength ?? 0;
        return _form.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _form.Dispose();
        base.Dispose(disposing);
    }
}
