using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Names a step of a run for servers that are not to do the same twice.</summary>
internal static class RepeatKeys
{
    private const int Length = 32;

    /// <summary>
    /// 32 hexadecimal digits. Made from everything that tells one run from another, not from its number alone: after a restored backup
    /// the numbers begin anew.
    /// </summary>
    public static string Of(Run run, string path)
    {
        var whole = string.Join('\0', run.Account, run.RuleName, run.RuleHash, run.Subject, Number(run.Id), Number(run.CreatedAt.ToUnixTimeMilliseconds()), path);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..Length];
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
