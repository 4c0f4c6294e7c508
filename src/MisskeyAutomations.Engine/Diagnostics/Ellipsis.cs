namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Cuts texts that are too long.</summary>
public static class Ellipsis
{
    /// <summary>The text; where it has more than so many UTF-16 units, its beginning of so many with an ellipsis. No pair of surrogates is parted.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");
}
