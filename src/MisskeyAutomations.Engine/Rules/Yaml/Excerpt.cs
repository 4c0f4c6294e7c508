namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>Cuts what a sentence quotes from a file to one short line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 60;

    public static string Of(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        if (line.Length <= MaxLength)
        {
            return end < 0 ? line : line + "…";
        }

        var cut = char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return line[..cut] + "…";
    }
}
