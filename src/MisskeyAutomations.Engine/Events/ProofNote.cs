using System.Buffers;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// The note to itself by which the engine proves that an account's webhooks arrive: nobody else sees it, it is deleted at once, and no rule is
/// asked about it, by whichever engine it is seen.
/// </summary>
public static class ProofNote
{
    private const string Beginning = "MisskeyAutomations checks its webhook. This note goes away by itself: ";
    private const int MarkLength = 32;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>The text of such a note.</summary>
    /// <param name="mark">32 hexadecimal digits in lower case, which no other has.</param>
    public static string TextOf(string mark) => Beginning + mark;

    /// <summary>Whether a note is one.</summary>
    /// <param name="note">The note.</param>
    /// <param name="me">The account's user id; null while it is not known.</param>
    public static bool Is(JsonElement note, string? me) =>
        note.GetText("visibility") == "specified" && (me is null || note.GetText("userId") == me)
        && note.GetText("text") is { } text && text.Length == Beginning.Length + MarkLength && text.StartsWith(Beginning, StringComparison.Ordinal)
        && !text.AsSpan(Beginning.Length).ContainsAnyExcept(Hexadecimal);
}
