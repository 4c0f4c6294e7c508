using System.Globalization;
using System.Text;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// Makes the requests of a mix. Followers and mentions are of people and notes that the stand-in Misskey knows, each used once, so that
/// every call about them can be told apart.
/// </summary>
internal sealed class EventMix(string mix, SandboxWorld world, Account owner, CallWatch watch)
{
    private static int Number;

    /// <summary>The next request for a connection's own note request, and what its call will be about; null when none is expected.</summary>
    public (ReadOnlyMemory<byte> Request, string? Expected) Next(NoteRequest note)
    {
        var number = Interlocked.Increment(ref Number);
        var kind = mix switch
        {
            "notes" => 0,
            "followed" => 90,
            _ => number % 100,
        };
        return kind switch
        {
            < 90 => (note.Fresh(), null),
            < 95 => Followed(number),
            _ => Mention(number),
        };
    }

    private (ReadOnlyMemory<byte>, string) Followed(int number)
    {
        var follower = world.AddAccount($"f{number}");
        var body = Envelope(owner, "followed", $$"""{"user":{{User(follower)}}}""");
        watch.Expect(follower.Id);
        return (Request(body), follower.Id);
    }

    /// <summary>A mention of the owner with some words.</summary>
    public static byte[] MentionRequest(SandboxWorld world, Account owner, Account author, string words) =>
        Request(MentionBody(owner, author, world.Post(author, $"@{owner.Username} {words}").Id, words));

    private (ReadOnlyMemory<byte>, string) Mention(int number)
    {
        var author = world.AddAccount($"m{number}");
        var note = world.Post(author, $"@{owner.Username} ping");
        watch.Expect(note.Id);
        return (Request(MentionBody(owner, author, note.Id, "ping")), note.Id);
    }

    private static string MentionBody(Account owner, Account author, string note, string words) => Envelope(
        owner, "mention", $$$"""{"note":{"id":"{{{note}}}","createdAt":"{{{TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}","userId":"{{{author.Id}}}","user":{{{User(author)}}},"text":"@{{{owner.Username}}} {{{words}}}","cw":null,"visibility":"public","localOnly":false,"fileIds":[],"files":[],"replyId":null,"renoteId":null,"mentions":["{{{owner.Id}}}"]}}""");

    private static string User(Account user) =>
        $$$"""{"id":"{{{user.Id}}}","name":null,"username":"{{{user.Username}}}","host":null,"avatarUrl":null,"avatarBlurhash":null,"avatarDecorations":[],"isBot":false,"isCat":false,"emojis":{},"onlineStatus":"unknown","badgeRoles":[]}""";

    private static string Envelope(Account owner, string type, string body) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"server":"https://misskey.example","hookId":"atxobffpnxg8001d","userId":"{{owner.Id}}","eventId":"{{Guid.NewGuid()}}","createdAt":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"type":"{{type}}","body":{{body}}}""");

    private static byte[] Request(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return [.. NoteRequest.Head(Servers.Account, Servers.Secret, bytes.Length), .. bytes];
    }
}
