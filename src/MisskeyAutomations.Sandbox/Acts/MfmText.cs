using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>
/// Finds mentions and hashtags in a text as Misskey's parser (mfm-js) does: not inside code, <c>&lt;plain&gt;</c> or an
/// address, and not right after a letter or digit.
/// </summary>
internal static partial class MfmText
{
    public static IEnumerable<string> Mentions(string? text) =>
        Matches(text).Where(match => match.Groups["user"].Success && !match.Groups["host"].Success)
            .Select(match => match.Groups["user"].Value.TrimEnd('-'))
            .Where(name => name.Length > 0 && name[0] != '-');

    /// <summary>Tags without the hash sign, in NFKC and lower case.</summary>
    public static IEnumerable<string> Hashtags(string? text) =>
        Matches(text).Where(match => match.Groups["tag"].Success)
            .Select(match => match.Groups["tag"].Value)
            .Where(tag => !tag.All(char.IsAsciiDigit) && tag.EnumerateRunes().Count() <= 128)
            .Select(tag => tag.Normalize(NormalizationForm.FormKC).ToLowerInvariant());

    private static MatchCollection Matches(string? text) =>
        Token().Matches(text is not null && text.AsSpan().ContainsAny('@', '#') ? text : "");

    // The first four alternatives swallow what must not be looked into.
    [GeneratedRegex("""
        ^```[^\n]*\n[\s\S]*?\n```[ \t]*$
        | `[^`´\n]+`
        | <plain>[\s\S]*?</plain>
        | https?://[.,a-zA-Z0-9_/:%@\-+~=!?&;$'*()\[\]\#]+
        | (?<![a-zA-Z0-9])@(?<user>[a-zA-Z0-9_-]+)(?:@(?<host>[a-zA-Z0-9_.-]+))?
        | (?<![a-zA-Z0-9])\#(?<tag>[^\s.,!?'"\#:/\[\]【】()「」（）<>]+)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
