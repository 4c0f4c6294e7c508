using System.Globalization;
using System.Security.Cryptography;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>
/// Who is signed in. The browser has a random key, the store a digest of it: what is signed out is signed out, and a copy of the store signs nobody in.
/// Engines that share a store share them.
/// </summary>
internal sealed class Sessions(Settings settings, TimeProvider time)
{
    /// <summary>So long after the last visit a session is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    /// <summary>So long after its begin it is over in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const string Prefix = "dashboard:session:";

    // Each visit would be a write.
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(10);

    /// <summary>Begins one, and drops those that are over.</summary>
    /// <param name="who">Who signed in, in a word for people.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key for the browser.</returns>
    public async Task<string> BeginAsync(string who, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (name, text) in settings.List(Prefix))
        {
            if (Session.Read(text) is not { } session || session.IsOver(now))
            {
                await settings.SetAsync(name, null, cancellationToken);
            }
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await settings.SetAsync(NameOf(key), new Session(who, now, now).ToString(), cancellationToken);
        return key;
    }

    /// <summary>Who bears this key; null when nobody does any more. A visit prolongs the session.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (FindOpen(key) is not { } session)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now - session.Seen > Coarse)
        {
            await settings.SetAsync(NameOf(key), (session with { Seen = now }).ToString(), cancellationToken);
        }

        return session.Who;
    }

    /// <summary>Whether a session goes on. Unlike a visit, asking does not prolong it.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public bool IsOpen(string key) => FindOpen(key) is not null;

    /// <summary>Ends one.</summary>
    public Task EndAsync(string key, CancellationToken cancellationToken) => settings.SetAsync(NameOf(key), null, cancellationToken);

    /// <summary>Those that are not over, the last visit first.</summary>
    /// <param name="own">The key of whoever asks.</param>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<SessionSight> List(string own)
    {
        var now = time.GetUtcNow();
        return
        [
            .. settings.List(Prefix).Select(entry => (entry.Key, Session: Session.Read(entry.Value))).Where(entry => entry.Session?.IsOver(now) is false)
                .Select(entry => new SessionSight(entry.Session!.Who, entry.Session.Begun, entry.Session.Seen, entry.Key == NameOf(own))).OrderByDescending(session => session.Seen),
        ];
    }

    /// <summary>Ends all but one.</summary>
    public async Task EndOthersAsync(string own, CancellationToken cancellationToken)
    {
        foreach (var name in settings.List(Prefix).Keys.Where(name => name != NameOf(own)))
        {
            await settings.SetAsync(name, null, cancellationToken);
        }
    }

    /// <summary>Ends all.</summary>
    public async Task EndAllAsync(CancellationToken cancellationToken)
    {
        foreach (var name in settings.List(Prefix).Keys)
        {
            await settings.SetAsync(name, null, cancellationToken);
        }
    }

    private Session? FindOpen(string key) =>
        settings.Get(NameOf(key)) is { } text && Session.Read(text) is { } session && !session.IsOver(time.GetUtcNow()) ? session : null;

    private static string NameOf(string key) => Prefix + Digest.Of(key);

    private sealed record Session(string Who, DateTimeOffset Begun, DateTimeOffset Seen)
    {
        public bool IsOver(DateTimeOffset now) => now - Seen > Idle || now - Begun > Longest;

        public static Session? Read(string text) => text.Split(' ', 3) is [var begun, var seen, var who]
            && long.TryParse(begun, CultureInfo.InvariantCulture, out var from) && long.TryParse(seen, CultureInfo.InvariantCulture, out var last)
            ? new(who, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(last)) : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Begun.ToUnixTimeMilliseconds()} {Seen.ToUnixTimeMilliseconds()} {Who}");
    }
}

/// <summary>Somebody who is signed in.</summary>
/// <param name="Who">In a word for people.</param>
/// <param name="Begun">Since when.</param>
/// <param name="Seen">The last visit, by ten minutes.</param>
/// <param name="IsThis">Whether it is who asks.</param>
internal sealed record SessionSight(string Who, DateTimeOffset Begun, DateTimeOffset Seen, bool IsThis);
