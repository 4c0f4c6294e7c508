namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>How sentences list names.</summary>
public static class Words
{
    /// <summary>Such as <c>a, b or c</c>.</summary>
    public static Phrase Or(IReadOnlyList<string> names) =>
        names.Count == 1 ? Phrase.Of($"{names[0]}") : Phrase.Of($"{string.Join(", ", names.SkipLast(1))} or {names[^1]}");

    /// <summary>Such as <c>a, b and c</c>.</summary>
    public static Phrase And(IReadOnlyList<string> names) =>
        names.Count == 1 ? Phrase.Of($"{names[0]}") : Phrase.Of($"{string.Join(", ", names.SkipLast(1))} and {names[^1]}");
}
