namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>Text as JavaScript measures and trims it.</summary>
internal static class JsText
{
    public static string? Trim(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }
        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }
        return text[start..end];
    }

    public static bool IsBlank(string text) => text.All(IsSpace);

    /// <summary>Length in code points: 3000 emoji are 3000, though .NET counts 6000 characters.</summary>
    public static int CodePoints(string text)
    {
        var pairs = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))
            {
                pairs++;
            }
        }
        return text.Length - pairs;
    }

    // JavaScript counts the byte order mark as a space and U+0085 not; .NET the other way round.
    private static bool IsSpace(char character) => character is '\uFEFF' || (char.IsWhiteSpace(character) && character is not '\u0085');
}
