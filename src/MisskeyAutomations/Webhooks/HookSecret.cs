using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Webhooks;

/// <summary>Tells whether a request may come from Misskey.</summary>
internal static class HookSecret
{
    /// <summary>The header that bears the secret, in clear: Misskey signs nothing.</summary>
    public const string HeaderName = "X-Misskey-Hook-Secret";

    // Misskey keeps no longer ones.
    private const int MaxLength = 1_024;

    // Unknown accounts take as long as known ones.
    private static readonly IReadOnlyList<Secret> Decoys = [new(RandomNumberGenerator.GetHexString(64))];

    /// <summary>Whether the header occurs once and is one of the account's secrets. Takes the same time whichever it is, or none.</summary>
    public static bool IsRight(Account? account, StringValues header)
    {
        if (header.Count != 1 || header[0] is not { Length: > 0 and <= MaxLength } text)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxLength)];
        ReadOnlySpan<byte> given = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        var matches = false;
        foreach (var secret in account?.HookSecrets ?? Decoys)
        {
            matches |= secret.Matches(given);
        }

        return matches & account is not null;
    }
}
