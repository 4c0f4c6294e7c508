namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>The full-width forms that an input method leaves behind, and what was meant.</summary>
internal static class FullWidth
{
    /// <summary>The ASCII sign that a full-width sign stands for; null for other characters.</summary>
    public static char? Ascii(char sign) => sign switch
    {
        >= '！' and <= '～' => (char)(sign - '！' + '!'),
        '\u3000' => ' ',
        '、' => ',',
        '。' => '.',
        '“' or '”' or '„' => '"',
        '‘' or '’' or '「' or '」' or '『' or '』' => '\'',
        '−' => '-',
        '×' => '*',
        '÷' => '/',
        _ => null,
    };

    /// <summary>The name with full-width letters and digits replaced.</summary>
    public static string Narrow(string name) => string.Concat(name.Select(c => c is >= '！' and <= '～' ? Ascii(c)!.Value : c));
}
