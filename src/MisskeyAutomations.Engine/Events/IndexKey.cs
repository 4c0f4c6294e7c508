using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Keys under which something is stored. They may hold what others wrote, however long: databases take only so much into an index.</summary>
public static class IndexKey
{
    private const int Longest = 200;
    private const int Shown = 80;

    /// <summary>The key; what is longer than 200 characters is known by its beginning and its hash.</summary>
    public static string Of(string key) => key.Length <= Longest
        ? key : $"{key[..Shown]}…{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
