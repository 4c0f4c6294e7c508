using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>An answer that no Misskey gave.</summary>
/// <param name="Status">The HTTP status; any number of three digits.</param>
/// <param name="Body">Its body.</param>
/// <param name="MediaType">What the body is said to be; null to leave that out.</param>
public sealed record CannedAnswer(int Status, string Body = "", string? MediaType = null)
{
    /// <summary>Further headers, each <c>Name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Whether its length is told; where it is not, a header of its own must say where it ends.</summary>
    public bool HasLength { get; init; } = true;

    /// <summary>Whether it says that the request was carried out.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A page as web servers show it.</summary>
    public static CannedAnswer Page(int status) => new(
        status, string.Create(CultureInfo.InvariantCulture, $"<!doctype html><html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"), "text/html");

    /// <summary>JSON.</summary>
    public static CannedAnswer Json(int status, string body) => new(status, body, "application/json; charset=utf-8");

    /// <summary>429 as Misskey's, for so many seconds.</summary>
    public static CannedAnswer TooMany(int seconds) => Json(
        429, """{"error":{"message":"Rate limit exceeded. Please try again later.","code":"RATE_LIMIT_EXCEEDED","id":"d5826d14-3982-4d2e-8011-b9e9f02499ef","kind":"client"}}""") with
    {
        Headers = [string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}")],
    };

    /// <summary>Misskey's 500.</summary>
    public static CannedAnswer InternalError { get; } = Json(
        500, """{"error":{"message":"Internal error occurred. Please contact us if the error persists.","code":"INTERNAL_ERROR","id":"5d37dbcb-891e-41ca-a3d6-e690c97775ac","kind":"server"}}""");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} ({(Body.Length == 0 ? "empty" : MediaType ?? "no type")})");

    internal byte[] ToBytes()
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Chaos\r\n");
        if (MediaType is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {MediaType}\r\n");
        }

        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        if (HasLength && Status is not (204 or 304))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n");
        }

        return Encoding.UTF8.GetBytes($"{head}\r\n{(Status is 204 or 304 ? "" : Body)}");
    }
}
