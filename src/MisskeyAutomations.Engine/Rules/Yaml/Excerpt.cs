using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>Cuts what a sentence quotes from a file to one short line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 60;

    public static string Of(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end is >= 0 and <= MaxLength ? text[..end] + "…" : Ellipsis.Cut(end < 0 ? text : text[..end], MaxLength);
    }
}
