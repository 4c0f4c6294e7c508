using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>
/// Characters that must not reach the YAML scanner: NUL ends its input without a word, and the Unicode line separators and a lone
/// carriage return begin a line there but in no editor.
/// </summary>
internal static class ForbiddenCharacter
{
    public static Diagnostic? Find(SourceText source)
    {
        var text = source.Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsForbidden(text, i))
            {
                return YamlDiagnostics.InvisibleCharacter.At(source, new(i, i + 1), ((int)text[i]).ToString("X4", CultureInfo.InvariantCulture)) with
                {
                    Hint = text[i] == '\r' ? Phrase.Of("end lines with LF or CRLF") : Phrase.Of($"remove it; inside double quotes it is written \\u{(int)text[i]:x4}"),
                    Note = YamlDiagnostics.Hides,
                };
            }

            if (char.IsHighSurrogate(text[i]))
            {
                i++;
            }
        }

        return null;
    }

    private static bool IsForbidden(string text, int i) => text[i] switch
    {
        '\t' or '\n' => false,
        '\r' => i + 1 >= text.Length || text[i + 1] != '\n',
        < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => true,
        >= '\u0080' and <= '\u009f' => true,
        _ when char.IsHighSurrogate(text[i]) => i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]),
        _ => char.IsLowSurrogate(text[i]),
    };
}
