using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Accounts;

/// <summary>A text that must never be shown: it prints as asterisks and compares in constant time.</summary>
internal sealed class Secret
{
    /// <summary>How many characters a webhook's secret may have: Misskey keeps no longer ones.</summary>
    public const int LongestOfHooks = 1_024;

    private readonly string _text;
    private readonly byte[] _hash;

    public Secret(string text)
    {
        _text = text;
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Length in UTF-8 bytes.</summary>
    public int ByteCount => Encoding.UTF8.GetByteCount(_text);

    /// <summary>The text itself, for the one place that sends it.</summary>
    public string Reveal() => _text;

    /// <summary>Whether the given text is this secret; takes the same time whatever the answer.</summary>
    public bool Matches(ReadOnlySpan<byte> given)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(given, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    public override string ToString() => "***";
}
