using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Dashboard;

/// <summary>What stands for a text that is too long to compare, or too secret to keep.</summary>
internal static class Digest
{
    /// <summary>Its SHA-256: 64 hexadecimal digits in lower case.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
