using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// The bytes that an input stands for: <c>⟦300*[⟧</c> is 300 brackets, <c>⟦x:C328⟧</c> those two bytes, <c>⟦now⟧</c> this moment in
/// milliseconds, <c>⏎</c> a line end as HTTP has it, <c>␍</c> half of one. Everything else is UTF-8.
/// </summary>
internal static partial class CorpusBytes
{
    public static byte[] Of(string input)
    {
        using var bytes = new MemoryStream();
        var at = 0;
        foreach (Match mark in Mark().Matches(input))
        {
            bytes.Write(Encoding.UTF8.GetBytes(input[at..mark.Index]));
            bytes.Write(Meant(mark));
            at = mark.Index + mark.Length;
        }

        bytes.Write(Encoding.UTF8.GetBytes(input[at..]));
        return bytes.ToArray();
    }

    private static byte[] Meant(Match mark) =>
        mark.Value is "⏎" ? "\r\n"u8.ToArray()
        : mark.Value is "␍" ? "\r"u8.ToArray()
        : mark.Value is "⟦now⟧" ? Encoding.ASCII.GetBytes(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))
        : mark.Groups["hex"] is { Success: true } hex ? Convert.FromHexString(hex.Value)
        : Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(mark.Groups["piece"].Value.Replace("⏎", "\r\n", StringComparison.Ordinal), int.Parse(mark.Groups["times"].Value, CultureInfo.InvariantCulture))));

    [GeneratedRegex("⏎|␍|⟦now⟧|⟦x:(?<hex>([0-9A-F]{2})+)⟧|⟦(?<times>[0-9]+)\\*(?<piece>[^⟧]+)⟧", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Mark();
}
