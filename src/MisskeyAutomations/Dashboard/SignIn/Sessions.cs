using System.Globalization;
using System.Security.Cryptography;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>
/// Who is signed in. The browser has a random key, the store a digest of it: what is signed out is signed out, and a copy of the store signs nobody in.
/// Engines that share a store share them. Who signed in as the owner of an account is out once the engine does not act for it any more.
/// </summary>
internal sealed class Sessions(Settings settings, AccountDirectory accounts, TimeProvider time)
{
    /// <summary>So long after the last visit a session is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    /// <summary>So long after its begin it is over in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // Each visit would be a write.
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(10);

    /// <summary>Begins one, and drops those that are over.</summary>
    /// <param name="entrant">Who signed in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key for the browser.</returns>
    public async Task<string> BeginAsync(Entrant entrant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (name, text) in settings.List(Settings.Sessions))
        {
            if (Session.Read(text) is not { } session || IsOver(session))
            {
                await settings.SetAsync(name, null, cancellationToken);
            }
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await settings.SetAsync(NameOf(key), new Session(entrant, now, now).ToString(), cancellationToken);
        return key;
    }

    /// <summary>Who bears this key; null when nobody does any more. A visit prolongs the session.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (FindOpen(key) is not { } session)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now - session.Seen > Coarse)
        {
            await ProlongAsync(NameOf(key), session with { Seen = now }, cancellationToken);
        }

        return session.Entrant.Who;
    }

    /// <summary>Whether a session goes on. Unlike a visit, asking does not prolong it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public bool IsOpen(string key) => FindOpen(key) is not null;

    /// <summary>Ends one.</summary>
    public Task EndAsync(string key, CancellationToken cancellationToken) => settings.SetAsync(NameOf(key), null, cancellationToken);

    /// <summary>Those that are not over, the last visit first.</summary>
    /// <param name="own">The key of whoever asks.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<SessionSight> List(string own)
    {
        return
        [
            .. settings.List(Settings.Sessions).Select(entry => (entry.Key, Session: Session.Read(entry.Value))).Where(entry => entry.Session is { } session && !IsOver(session))
                .Select(entry => new SessionSight(entry.Session!.Entrant.Who, entry.Session.Begun, entry.Session.Seen, entry.Key == NameOf(own))).OrderByDescending(session => session.Seen),
        ];
    }

    /// <summary>Ends all but one.</summary>
    public async Task EndOthersAsync(string own, CancellationToken cancellationToken)
    {
        foreach (var name in settings.List(Settings.Sessions).Keys.Where(name => name != NameOf(own)))
        {
            await settings.SetAsync(name, null, cancellationToken);
        }
    }

    /// <summary>Ends all.</summary>
    public async Task EndAllAsync(CancellationToken cancellationToken)
    {
        foreach (var name in settings.List(Settings.Sessions).Keys)
        {
            await settings.SetAsync(name, null, cancellationToken);
        }
    }

    // One that was ended at the same moment stays ended; and who looks at a store that cannot be written has to be let in to see so.
    private async Task ProlongAsync(string name, Session session, CancellationToken cancellationToken)
    {
        try
        {
            await settings.ReplaceAsync(name, session.ToString(), cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It is prolonged by a later visit.
        }
    }

    private Session? FindOpen(string key) =>
        settings.Get(NameOf(key)) is { } text && Session.Read(text) is { } session && !IsOver(session) ? session : null;

    private bool IsOver(Session session)
    {
        var now = time.GetUtcNow();
        return now - session.Seen > Idle || now - session.Begun > Longest || (session.Entrant is { Account: { } account, UserId: { } userId } && !IsOwner(account, userId));
    }

    private bool IsOwner(string account, string userId) => accounts.Find(account) is not null && (accounts.UserIdOf(account) ?? userId) == userId;

    private static string NameOf(string key) => Settings.Sessions + Digest.Of(key);

    // Times in ms, the account and the user's id, which have no blanks, and a word that may.
    private sealed record Session(Entrant Entrant, DateTimeOffset Begun, DateTimeOffset Seen)
    {
        private const string None = "-";

        public static Session? Read(string text) => text.Split(' ', 5) is [var begun, var seen, var account, var userId, var who]
            && long.TryParse(begun, CultureInfo.InvariantCulture, out var from) && long.TryParse(seen, CultureInfo.InvariantCulture, out var last)
            ? new(account == None ? new(who) : new(who, account, userId), DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(last)) : null;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Begun.ToUnixTimeMilliseconds()} {Seen.ToUnixTimeMilliseconds()} {Entrant.Account ?? None} {Entrant.UserId ?? None} {Entrant.Who}");
    }
}

/// <summary>Who signs in.</summary>
/// <param name="Who">In a word for people.</param>
/// <param name="Account">The account as whose owner they do; null for whoever knows the passphrase.</param>
/// <param name="UserId">Their id at its server.</param>
internal sealed record Entrant(string Who, string? Account = null, string? UserId = null);

/// <summary>Somebody who is signed in.</summary>
/// <param name="Who">In a word for people.</param>
/// <param name="Begun">Since when.</param>
/// <param name="Seen">The last visit, by ten minutes.</param>
/// <param name="IsThis">Whether it is who asks.</param>
internal sealed record SessionSight(string Who, DateTimeOffset Begun, DateTimeOffset Seen, bool IsThis);
