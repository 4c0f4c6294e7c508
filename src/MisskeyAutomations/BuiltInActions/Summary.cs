using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>The line by which people recognise a step.</summary>
internal static class Summary
{
    private const int MaxLength = 80;

    /// <summary><c>reply to @bob: "PONG!"</c>, at most 80 graphemes of text.</summary>
    public static string Of(string deed, string? text) =>
        string.IsNullOrEmpty(text) ? Words.OneLine(deed, MaxLength) : $"{Words.OneLine(deed, MaxLength)}: \"{Words.OneLine(text, MaxLength)}\"";
}
