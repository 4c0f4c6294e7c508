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

        context.Response.Headers.CacheControl = ForGood;
        context.Response.Headers.ContentType = asset.Type;
        return asset.Content.AnswerAsync(context);
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

    private sealed class Asset(byte[] bytes, string type)
    {
        public string Type => type;

        public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

        public Compressed Content { get; } = new(bytes);
    }
}
