using System.Globalization;
using System.Security.Cryptography;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>
/// The passphrase of the dashboard. The store keeps a slow hash of it (PBKDF2 with SHA-256), never itself; where the settings give one, that counts.
/// </summary>
internal sealed class Passphrase(Settings settings, DashboardOptions options)
{
    /// <summary>The fewest characters that it may have.</summary>
    public const int Shortest = 12;

    /// <summary>The most: longer texts are no passphrase, and cost time.</summary>
    public const int Longest = 1_024;

    private const string Key = "dashboard:passphrase";

    // A slow hash of the one that the settings gave at the last start.
    private const string GivenKey = "dashboard:passphrase-given";
    private const string Scheme = "pbkdf2-sha256";
    private const int Rounds = 600_000;
    private const int SaltLength = 16;

    // Against it, a passphrase is compared where none is set: that takes as long as a wrong one.
    private static readonly Hash Nobody = new(Rounds, new byte[SaltLength], new byte[SHA256.HashSizeInBytes]);

    /// <summary>Whether the settings give it, so that nothing can be set here.</summary>
    public bool IsGiven => options.Passphrase is not null;

    /// <summary>Whether there is one.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public bool IsSet => IsGiven || settings.Get(Key) is not null;

    /// <summary>Whether this is it. Takes as long whether or not there is one.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public bool Is(string given)
    {
        if (options.Passphrase is { } known)
        {
            return CryptographicOperations.FixedTimeEquals(Digest(given, Nobody), Digest(known.Reveal(), Nobody));
        }

        var hash = settings.Get(Key) is { } text ? Hash.Read(text) : Nobody;
        return CryptographicOperations.FixedTimeEquals(Digest(given, hash), hash.Digest) && hash != Nobody;
    }

    /// <summary>What is wrong with a new one that was typed twice; null when nothing is.</summary>
    public static Phrase? FlawOf(string passphrase, string? again) => passphrase.Length switch
    {
        < Shortest => Phrase.Of($"The passphrase is too short: it must have at least {Shortest} characters. A few words are easy to keep in mind."),
        > Longest => Phrase.Of($"The passphrase is too long: it may have at most {Longest} characters."),
        _ => passphrase == again ? null : "The two passphrases are not the same. Type both again.",
    };

    /// <summary>Whether the settings give another one than at the last start, or none any more. Takes as long as a try.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public bool IsGivenAnew => (options.Passphrase, settings.Get(GivenKey)) switch
    {
        (null, var former) => former is not null,
        (_, null) => true,
        ({ } given, { } former) => Hash.Read(former) is var hash && !CryptographicOperations.FixedTimeEquals(Digest(given.Reveal(), hash), hash.Digest),
    };

    /// <summary>Remembers what the settings give now.</summary>
    public Task RememberGivenAsync(CancellationToken cancellationToken) =>
        settings.SetAsync(GivenKey, options.Passphrase is { } given ? HashOf(given.Reveal()) : null, cancellationToken);

    /// <summary>Sets it, or another one.</summary>
    public Task SetAsync(string passphrase, CancellationToken cancellationToken) => settings.SetAsync(Key, HashOf(passphrase), cancellationToken);

    private static string HashOf(string passphrase)
    {
        var hash = new Hash(Rounds, RandomNumberGenerator.GetBytes(SaltLength), []);
        return (hash with { Digest = Digest(passphrase, hash) }).ToString();
    }

    private static byte[] Digest(string passphrase, Hash like) =>
        Rfc2898DeriveBytes.Pbkdf2(Folding.Repair(passphrase).Normalize(), like.Salt, like.Rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    private sealed record Hash(int Rounds, byte[] Salt, byte[] Digest)
    {
        public static Hash Read(string text) => text.Split('$') is [Scheme, var rounds, var salt, var digest]
            ? new(int.Parse(rounds, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), Convert.FromBase64String(digest)) : Nobody;

        public override string ToString() => $"{Scheme}${Rounds.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Digest)}";
    }
}
