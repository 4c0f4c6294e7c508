using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Webhooks;

/// <summary>Whose webhook a request may be, by its secret.</summary>
internal enum HookKind
{
    /// <summary>Nobody's: there is no such account, or the secret is wrong.</summary>
    None,

    /// <summary>The account's own.</summary>
    User,

    /// <summary>One of the server's administrators.</summary>
    System,
}

/// <summary>Tells whether a request may come from Misskey.</summary>
internal static class HookSecret
{
    /// <summary>The header that bears the secret, in clear: Misskey signs nothing.</summary>
    public const string HeaderName = "X-Misskey-Hook-Secret";

    // Misskey keeps no longer ones.
    private const int MaxLength = Secret.LongestOfHooks;

    // Unknown accounts take as long as known ones.
    private static readonly IReadOnlyList<Secret> Decoys = [new(RandomNumberGenerator.GetHexString(64))];

    /// <summary>Which of the account's secrets the header is, if it occurs once. Takes the same time whichever it is, or none.</summary>
    public static HookKind KindOf(Account? account, StringValues header)
    {
        if (header.Count != 1 || header[0] is not { Length: > 0 and <= MaxLength } text)
        {
            return HookKind.None;
        }

        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxLength)];
        ReadOnlySpan<byte> given = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        var isUsers = IsOneOf(account?.HookSecrets ?? Decoys, given);
        var isSystems = IsOneOf(account?.SystemHookSecrets ?? [], given);
        return account is null ? HookKind.None : isUsers ? HookKind.User : isSystems ? HookKind.System : HookKind.None;
    }

    private static bool IsOneOf(IReadOnlyList<Secret> secrets, ReadOnlySpan<byte> given)
    {
        var matches = false;
        foreach (var secret in secrets)
        {
            matches |= secret.Matches(given);
        }

        return matches;
    }
}
