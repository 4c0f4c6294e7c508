using System.Collections.Concurrent;
using System.Security.Cryptography;

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
        _open[Digest.Of(word)] = time.GetUtcNow() + GoodFor;
        return $"/sign-in/link/{word}";
    }

    /// <summary>Whether this word is still good.</summary>
    public bool IsGood(string word) => _open.TryGetValue(Digest.Of(word), out var end) && time.GetUtcNow() < end;

    /// <summary>Uses it up. False when it was not good.</summary>
    public bool Take(string word) => _open.TryRemove(Digest.Of(word), out var end) && time.GetUtcNow() < end;
}
