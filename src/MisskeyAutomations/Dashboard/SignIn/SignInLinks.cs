using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>Links that sign in once, for whoever reads the log of the engine or may speak to its control socket. They are kept in memory alone.</summary>
internal sealed class SignInLinks(TimeProvider time)
{
    /// <summary>How long a link is good for.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = new(StringComparer.Ordinal);

    /// <summary>A fresh one: the path and the word in it.</summary>
    public string Make()
    {
        var word = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _open[DigestOf(word)] = time.GetUtcNow() + GoodFor;
        return $"/sign-in/link/{word}";
    }

    /// <summary>Whether this word is still good.</summary>
    public bool IsGood(string word) => _open.TryGetValue(DigestOf(word), out var end) && time.GetUtcNow() < end;

    /// <summary>Uses it up. False when it was not good.</summary>
    public bool Take(string word) => _open.TryRemove(DigestOf(word), out var end) && time.GetUtcNow() < end;

    private static string DigestOf(string word) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word)));
}
