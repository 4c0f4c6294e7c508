using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>Makes, knows and forgets keys of the API. A key is 256 random bits, so that its plain SHA-256 tells nothing of it.</summary>
internal sealed partial class ApiKeys(StoredApiKeys stored, TimeProvider time)
{
    /// <summary>What a key begins with, so that it is known wherever somebody finds one.</summary>
    public const string Prefix = "mka_";

    private const int Bytes = 32;

    /// <summary>The longest name of a key.</summary>
    public const int LongestName = 64;

    // More are looked through by nobody.
    private const int Most = 1_000;

    /// <summary>Whether a key may be called so.</summary>
    public static bool IsName(string name) => name.Length <= LongestName && Name.IsMatch(name);

    /// <summary>Makes a key, which is told this once. Null when there is one of this name, or when there are too many.</summary>
    public async Task<string?> MakeAsync(string name, bool isReadOnly, CancellationToken cancellationToken)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return stored.List().Count < Most && await stored.AddAsync(new(name, HashOf(key), isReadOnly, time.GetUtcNow()), cancellationToken) ? key : null;
    }

    /// <summary>All of them, by name.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<StoredApiKey> List() => stored.List();

    /// <summary>The key that was given; null when it is none. Takes the same time whichever it is, or none.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public StoredApiKey? Find(string given)
    {
        var hash = HashOf(given);
        StoredApiKey? found = null;
        foreach (var key in stored.List())
        {
            found = CryptographicOperations.FixedTimeEquals(key.Hash, hash) ? key : found;
        }

        return found;
    }

    /// <summary>Forgets a key at once. False when there is none of this name.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) => stored.RemoveAsync(name, cancellationToken);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Name { get; }
}
