using System.Collections.Frozen;
using System.Security.Cryptography;

namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>
/// The files of <c>Assets/</c>, which are part of the program. Their addresses bear a digest of what is in them, so that browsers may keep them for good;
/// they are compressed once, when they are first asked for.
/// </summary>
internal static class AssetFiles
{
    private const string Prefix = "assets/";
    private const string ForGood = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, Asset> Assets = Read();

    /// <summary>The address of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public static string UrlOf(string name) => $"/{Prefix}{Assets[name].Digest}/{name}";

    /// <summary>Maps them, for everybody.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{digest}/{name}", AnswerAsync).AllowAnonymous();

    private static Task AnswerAsync(HttpContext context, string digest, string name)
    {
        if (!Assets.TryGetValue(name, out var asset) || asset.Digest != digest)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        headers.CacheControl = ForGood;
        headers.ContentType = asset.Type;
        headers.Vary = "Accept-Encoding";
        var (encoding, bytes) = accepted.Contains("br", StringComparison.Ordinal) ? ("br", asset.Brotli.Value)
            : accepted.Contains("gzip", StringComparison.Ordinal) ? ("gzip", asset.Gzip.Value) : (null, asset.Bytes);
        headers.ContentEncoding = encoding;
        headers.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = typeof(AssetFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return new Asset(bytes.ToArray(), TypeOf(name));
            },
            StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };

    private sealed class Asset
    {
        public Asset(byte[] bytes, string type)
        {
            (Bytes, Type) = (bytes, type);
            Digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
            Brotli = new(() => Compressed.Brotli(bytes));
            Gzip = new(() => Compressed.Gzip(bytes));
        }

        public byte[] Bytes { get; }

        public string Type { get; }

        public string Digest { get; }

        public Lazy<byte[]> Brotli { get; }

        public Lazy<byte[]> Gzip { get; }
    }
}
