using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>
/// Whether two readings of a file say the same, value by value. What this refuses is never written: a fault in the formatter must not
/// become one in somebody's rules.
/// </summary>
internal static class SameMeaning
{
    /// <summary>Compares all documents.</summary>
    /// <param name="before">As they were.</param>
    /// <param name="after">As they would be.</param>
    /// <param name="texts">The values that were meant to change, with what they shall say.</param>
    public static bool Holds(IReadOnlyList<SourceNode> before, IReadOnlyList<SourceNode> after, IReadOnlyDictionary<SourceNode, string> texts) =>
        before.Count == after.Count && before.Zip(after).All(pair => Holds(pair.First, pair.Second, texts));

    private static bool Holds(SourceNode before, SourceNode after, IReadOnlyDictionary<SourceNode, string> texts) => (before, after) switch
    {
        (SourceNode.Scalar was, SourceNode.Scalar now) =>
            now.IsNull == was.IsNull && (texts.GetValueOrDefault(was) ?? was.Text) is var text && (now.Text == text || now.Text == was.Text)
            && (now.IsPlain == was.IsPlain || !LooksTyped(text)),
        (SourceNode.Sequence was, SourceNode.Sequence now) =>
            was.Entries.Count == now.Entries.Count && was.Entries.Zip(now.Entries).All(pair => Holds(pair.First, pair.Second, texts)),
        (SourceNode.Mapping was, SourceNode.Mapping now) =>
            was.Entries.Count == now.Entries.Count
            && was.Entries.Zip(now.Entries).All(pair => pair.First.Name == pair.Second.Name && Holds(pair.First.Value, pair.Second.Value, texts)),
        _ => false,
    };

    // Where JSON is meant, these without quotes are no texts.
    private static bool LooksTyped(string text) => text is "" or "~" or "null" or "true" or "false" || CoreScalar.IsNumber(text) || text[0] is '+' or '-' or '.' or (>= '0' and <= '9');
}
