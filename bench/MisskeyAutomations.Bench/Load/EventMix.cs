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
        var body = Envelope("followed", $$"""{"user":{{User(follower)}}}""");
        watch.Expect(follower.Id);
        return (Request(body), follower.Id);
    }

    private (ReadOnlyMemory<byte>, string) Mention(int number)
    {
        var author = world.AddAccount($"m{number}");
        var note = world.Post(author, $"@{owner.Username} ping");
        var body = Envelope("mention", $$$"""{"note":{"id":"{{{note.Id}}}","createdAt":"{{{TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}","userId":"{{{author.Id}}}","user":{{{User(author)}}},"text":"@{{{owner.Username}}} ping","cw":null,"visibility":"public","localOnly":false,"fileIds":[],"files":[],"replyId":null,"renoteId":null,"mentions":["{{{owner.Id}}}"]}}""");
        watch.Expect(note.Id);
        return (Request(body), note.Id);
    }

    private static string User(Account user) =>
        $$$"""{"id":"{{{user.Id}}}","name":null,"username":"{{{user.Username}}}","host":null,"avatarUrl":null,"avatarBlurhash":null,"avatarDecorations":[],"isBot":false,"isCat":false,"emojis":{},"onlineStatus":"unknown","badgeRoles":[]}""";

    private string Envelope(string type, string body) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"server":"https://misskey.example","hookId":"atxobffpnxg8001d","userId":"{{owner.Id}}","eventId":"{{Guid.NewGuid()}}","createdAt":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"type":"{{type}}","body":{{body}}}""");

    private static byte[] Request(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return [.. NoteRequest.Head(Servers.Account, Servers.Secret, bytes.Length), .. bytes];
    }
}
