using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// The bytes of a webhook request as Misskey sends it: a <c>note</c> event with a body of 3,000 bytes. Its event id and time are written
/// into place for each sending; nothing else is made anew.
/// </summary>
internal sealed class NoteRequest
{
    private const int BodyLength = 3_000;
    private const int UuidLength = 36;
    private const string UuidMark = "00000000-0000-0000-0000-000000000000";
    private const string TimeMark = "1700000000000";

    private readonly byte[] _bytes;
    private readonly int _uuidAt;
    private readonly int _timeAt;

    public NoteRequest(string account, string secret)
    {
        var body = Body();
        _bytes = [.. Head(account, secret, body.Length), .. body];
        _uuidAt = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(UuidMark));
        _timeAt = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TimeMark));
    }

    /// <summary>The head of a request as Misskey sends it.</summary>
    public static byte[] Head(string account, string secret, int bodyLength) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        POST /hooks/{account} HTTP/1.1
        Host: automations.example
        User-Agent: Misskey-Hooks
        Accept: */*
        Accept-Encoding: gzip, deflate, br
        Content-Type: application/json
        X-Misskey-Host: misskey.example
        X-Misskey-Hook-Id: atxobffpnxg8001d
        X-Misskey-Hook-Secret: {secret}
        Content-Length: {bodyLength}
        Connection: keep-alive


        """).ReplaceLineEndings("\r\n"));

    /// <summary>The request with a fresh event id and time. The memory is the same every time.</summary>
    public ReadOnlyMemory<byte> Fresh()
    {
        Guid.NewGuid().TryFormat(_bytes.AsSpan(_uuidAt, UuidLength), out _);
        Utf8Formatter.TryFormat(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _bytes.AsSpan(_timeAt), out _);
        return _bytes;
    }

    private static byte[] Body()
    {
        const string Start = $$"""{"server":"https://misskey.example","hookId":"atxobffpnxg8001d","userId":"atxo91l6nxg80004","eventId":"{{UuidMark}}","createdAt":{{TimeMark}},"type":"note","body":{"note":{"id":"atxocodnnxg80040","createdAt":"2026-11-24T03:03:34.763Z","userId":"atxo91l6nxg80004","user":{"id":"atxo91l6nxg80004","name":"アリス","username":"alice","host":null,"avatarUrl":"https://misskey.example/identicon/alice@misskey.example","avatarBlurhash":null,"avatarDecorations":[],"isBot":false,"isCat":true,"emojis":{},"onlineStatus":"online","badgeRoles":[]},"text":"一行目です :hinata:\n""";
        const string End = """
            ","cw":null,"visibility":"public","localOnly":false,"reactionAcceptance":null,"renoteCount":0,"repliesCount":0,"reactionCount":0,"reactions":{},"reactionEmojis":{},"reactionAndUserPairCache":[],"fileIds":[],"files":[],"replyId":null,"replyUserId":null,"renoteId":null,"mentions":["atxo91z9nxg80005"],"tags":["自動化","misskey"],"clippedCount":0}}}
            """;
        var text = new StringBuilder();
        var room = BodyLength - Encoding.UTF8.GetByteCount(Start) - Encoding.UTF8.GetByteCount(End);
        while (room >= 3)
        {
            text.Append("自動化の試験。"[text.Length % 7]);
            room -= 3;
        }

        return Encoding.UTF8.GetBytes(Start + text + new string('.', room) + End);
    }
}
