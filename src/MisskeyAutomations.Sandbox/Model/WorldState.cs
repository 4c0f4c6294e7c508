using System.Security.Cryptography;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox.Model;

/// <summary>
/// The tables of the sandbox. Whoever reads or writes them holds <see cref="Gate"/>: every API call and every act of a
/// simulated person runs whole under this one lock, so that counts, relations and webhooks always agree.
/// </summary>
internal sealed class WorldState(TimeProvider time, int seed)
{
    private const string TokenAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly AidxIds _ids = new(seed);

    public Lock Gate { get; } = new();

    /// <summary>Raised when an account got a notification.</summary>
    public event Action<Account, Notification>? Notified;

    /// <summary>The origin without a trailing slash; known once the server listens.</summary>
    public string Origin { get; set; } = "http://127.0.0.1";

    /// <summary>Host with port, as Misskey shows it in headers and avatar addresses.</summary>
    public string Host => Origin[(Origin.IndexOf("//", StringComparison.Ordinal) + 2)..];

    public DateTimeOffset Now => time.GetUtcNow();

    public Dictionary<string, Account> Accounts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Account> AccountsByName { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, AccessToken> Tokens { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Note> Notes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Channel> Channels { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DriveFile> Files { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Clip> Clips { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UserList> Lists { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Antenna> Antennas { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Webhook> Webhooks { get; } = new(StringComparer.Ordinal);

    public HashSet<string> CustomEmojis { get; } = new(StringComparer.Ordinal);

    public List<AbuseReport> Reports { get; } = [];

    public string NewId() => _ids.Next(Now);

    public static string NewToken(int length) => RandomNumberGenerator.GetString(TokenAlphabet, length);

    public Account? Account(string? id) => id is null ? null : Accounts.GetValueOrDefault(id);

    public Note? Note(string? id) => id is null ? null : Notes.GetValueOrDefault(id);

    /// <summary>Whether the note may be read by <paramref name="reader"/>, who is null when not signed in.</summary>
    public static bool IsVisible(Note note, Account? reader)
    {
        if (note.Visibility is NoteVisibility.Public or NoteVisibility.Home || reader == note.Author)
        {
            return true;
        }
        if (reader is null)
        {
            return false;
        }
        return note.Visibility is NoteVisibility.Specified
            ? note.VisibleUserIds.Contains(reader.Id, StringComparer.Ordinal)
            : note.Reply?.Author == reader || note.Mentions.Contains(reader.Id, StringComparer.Ordinal) || reader.Following.ContainsKey(note.Author.Id);
    }

    /// <summary>
    /// Whether lists show the note to the reader: not when it answers or renotes somebody whom the reader mutes or who blocks the reader,
    /// even if it is the reader's own.
    /// </summary>
    /// <param name="note">The note.</param>
    /// <param name="reader">Null when not signed in.</param>
    /// <param name="ofAuthor">Whether the list is the author's own, which muting the author does not empty.</param>
    public bool IsListed(Note note, Account? reader, bool ofAuthor = false) => IsVisible(note, reader)
        && (reader is null || !new[] { ofAuthor ? null : note.Author, note.Reply?.Author, note.Renote?.Author }.OfType<Account>()
            .Any(person => IsMuting(reader, person) || person.Blocking.ContainsKey(reader.Id)));

    public void Add(Webhook hook)
    {
        Webhooks.Add(hook.Id, hook);
        hook.Owner.Webhooks.Add(hook);
    }

    public void Notify(Account receiver, Notification notification)
    {
        if (notification.User is { } by && (by == receiver || IsMuting(receiver, by)))
        {
            return;
        }
        if (receiver.Notifications.Count == 500)
        {
            receiver.Notifications.RemoveAt(0);
        }
        receiver.Notifications.Add(notification);
        receiver.UnreadNotifications++;
        Notified?.Invoke(receiver, notification);
    }

    /// <summary>Whether the list of notifications still shows one.</summary>
    public bool IsShown(Notification notification, Account receiver) =>
        (notification.User is not { } by || (!by.IsSuspended && Accounts.ContainsKey(by.Id) && !IsMuting(receiver, by)))
        && (notification.Note is not { } note || Notes.ContainsKey(note.Id))
        && (notification.Type is not "receiveFollowRequest" || receiver.RequestsReceived.ContainsKey(notification.User!.Id));

    public bool IsMuting(Account muter, Account mutee) =>
        muter.Muting.TryGetValue(mutee.Id, out var mute) && !(mute.ExpiresAt < Now);
}
