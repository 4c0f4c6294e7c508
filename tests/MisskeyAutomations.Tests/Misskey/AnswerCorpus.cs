using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>An answer that may come from anything that stands where a Misskey was.</summary>
/// <param name="Status">100 to 999.</param>
/// <param name="Headers">Each <c>Name: value</c>.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="IsCut">Whether fewer bytes come than were promised.</param>
internal sealed record ForeignAnswer(int Status, string[] Headers, byte[] Body, bool IsCut = false)
{
    public byte[] ToBytes() =>
    [
        .. Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {Status.ToString(CultureInfo.InvariantCulture)} Odd\r\n{string.Concat(Headers.Select(header => header + "\r\n"))}Content-Length: {Body.Length + (IsCut ? 9 : 0)}\r\n\r\n"),
        .. Body,
    ];

    public override string ToString() => $"{Status} {string.Join(" | ", Headers)} {Encoding.UTF8.GetString(Body.AsSpan()[..Math.Min(Body.Length, 200)])}";
}

/// <summary>Answers picked by hand, and answers made from recorded ones by a seed.</summary>
internal static class AnswerCorpus
{
    private static readonly string[] Bodies =
    [
        "", " ", "null", "true", "0", "-1", "1e400", "\"\"", "\"\\ud800\"", "[]", "[null]", "[[]]", "[{}]", "{}", "{", "[", "\"", "{\"a\"", "{\"a\":1}}", "nul", "NaN", "\u0000", "\uFEFF{}", "{}{}",
        "{\"error\":null}", "{\"error\":\"Not Found\"}", "{\"error\":[]}", "{\"error\":{}}", "{\"error\":{\"code\":null}}", "{\"error\":{\"code\":7,\"id\":[]}}", "{\"error\":{\"code\":\"\"}}",
        "{\"error\":{\"code\":\"X\\r\\nSet-Cookie: a\",\"message\":\"\\u001b[2J\"}}", "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\",\"info\":{\"resetMs\":1e308}}}",
        "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\",\"info\":{\"resetMs\":-1e999}}}", "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\",\"info\":[]}}", "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\",\"info\":{\"resetMs\":\"soon\"}}}",
        "{\"error\":{\"code\":\"INVALID_PARAM\",\"info\":{\"param\":{},\"reason\":4}}}", "{\"error\":{\"code\":\"INVALID_PARAM\",\"info\":\"x\"}}", "{\"error\":{\"code\":\"PROCESSING\"}}",
        "{\"createdNote\":null}", "{\"createdNote\":[]}", "{\"createdNote\":{}}", "{\"createdNote\":{\"id\":null}}", "{\"createdNote\":{\"id\":{\"a\":1}}}", "{\"id\":\"a\",\"id\":\"b\"}", "{\"id\":\"\\u0000\"}",
        "{\"id\":\"x\",\"username\":[],\"maxNoteTextLength\":\"3000\"}", "{\"id\":\"x\",\"maxNoteTextLength\":1e99}", "{\"id\":\"x\",\"maxNoteTextLength\":-4}", "{\"id\":\"x\",\"maxNoteTextLength\":2.5}",
        "[{\"id\":1,\"muteeId\":2,\"createdAt\":3}]", "[{\"id\":\"n\",\"userId\":null,\"createdAt\":\"yesterday\"}]", "[{\"userId\":\"u1\",\"createdAt\":\"9999-99-99\"}]", "[{\"user\":{\"id\":{}}}]",
        "<html></html>", "<?xml version=\"1.0\"?><rss/>", "error code: 1020", "Moved", "{\"pong\":\"yes\"}", "data: {}\n\n",
    ];

    private static readonly string[] Types =
    [
        "Content-Type: application/json", "Content-Type: application/json; charset=utf-8", "Content-Type: text/html", "Content-Type: text/plain; charset=shift_jis", "Content-Type: nonsense",
        "Content-Type: application/json; charset=\"", "Content-Type:", "X-None: 1",
    ];

    private static readonly string[] Headers =
    [
        "Retry-After: 1", "Retry-After: -1", "Retry-After: 1e9", "Retry-After: 99999999999999999999", "Retry-After: 5\r\nRetry-After: 7", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        "Retry-After: Mon, 01 Jan 0001 00:00:00 GMT", "Date: Fri, 31 Dec 9999 23:59:59 GMT", "Date: Mon, 01 Jan 0001 00:00:00 GMT", "Date: today", "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Location: /elsewhere",
        "Location: http://[::1", "Location: javascript:alert(1)", "Location: https://other.example/\u00e9", "Content-Encoding: gzip", "Content-Encoding: br", "Set-Cookie: a=b", "Connection: close", "Upgrade: h2c", "WWW-Authenticate: Bearer",
    ];

    private static readonly int[] Statuses =
    [
        100, 101, 103, 199, 200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 421, 422, 425, 426, 429, 431, 444,
        451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599, 600, 999,
    ];

    /// <summary>Every body with 200 and with 400, every status without a body and with Misskey's error, and so many more.</summary>
    public static IEnumerable<ForeignAnswer> Make(int seed, int more, IReadOnlyList<string> recorded)
    {
        var random = new Random(seed);
        foreach (var body in Bodies)
        {
            yield return new(200, [Types[0]], Encoding.UTF8.GetBytes(body));
            yield return new(400, [Types[1]], Encoding.UTF8.GetBytes(body));
        }

        foreach (var status in Statuses.Where(status => status >= 200))
        {
            yield return new(status, [], []);
            yield return new(status, [Types[0]], "{\"error\":{\"code\":\"INTERNAL_ERROR\",\"id\":\"x\"}}"u8.ToArray());
        }

        foreach (var header in Headers)
        {
            yield return new(429, [header], []);
        }

        for (var made = 0; made < more; made++)
        {
            string[] headers = [random.GetItems(Types, 1)[0], .. random.GetItems(Headers, random.Next(3))];
            var body = random.Next(4) == 0 ? Encoding.UTF8.GetBytes(random.GetItems(Bodies, 1)[0]) : Damage(recorded[random.Next(recorded.Count)], random);
            yield return new(random.Next(2) == 0 ? 200 : random.GetItems(Statuses, 1)[0], headers, body, IsCut: random.Next(8) == 0);
        }
    }

    private static byte[] Damage(string json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        for (var change = random.Next(3); change >= 0; change--)
        {
            var at = Descend(root, random);
            at?.ReplaceWith(JsonNode.Parse(random.GetItems(Values, 1)[0]));
        }

        var bytes = Encoding.UTF8.GetBytes(root.ToJsonString());
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. Enumerable.Repeat((byte)'[', random.Next(200)), .. bytes];
            default:
                return bytes;
        }
    }

    private static readonly string[] Values = ["null", "true", "-1", "1e308", "\"\"", "\"\\u0000\\u202e@x\"", "[]", "{}", "[[[]]]", "{\"id\":{\"id\":[]}}", "\"9999-12-31T23:59:59.999Z\"", "9007199254740993"];

    private static JsonNode? Descend(JsonNode root, Random random)
    {
        JsonNode? at = null;
        for (JsonNode? next = root; next is not null && (at is null || random.Next(4) > 0);)
        {
            at = next;
            JsonNode?[] below = next switch
            {
                JsonObject many => [.. many.Select(pair => pair.Value)],
                JsonArray list => [.. list],
                _ => [],
            };
            next = below.Length == 0 ? null : below[random.Next(below.Length)];
        }

        return at?.Parent is null ? null : at;
    }
}
