using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>A value of a rule file with its place: YAML's structure, before anybody says what it means.</summary>
public abstract record SourceNode
{
    private SourceNode()
    {
    }

    /// <summary>The file.</summary>
    public required SourceText Source { get; init; }

    /// <summary>The characters it was written with, quotes and brackets included.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Whether the file was readable to its end; false around a YAML error.</summary>
    internal bool IsComplete { get; init; } = true;

    /// <summary>A single value: every scalar is text until a key says what it takes.</summary>
    public sealed record Scalar : SourceNode
    {
        /// <summary>The text, with the place of each of its characters.</summary>
        public required SourceSlice Value { get; init; }

        /// <summary>Whether it was written without quotes, so that <c>true</c>, <c>5</c> and <c>null</c> are not text where JSON is meant.</summary>
        public required bool IsPlain { get; init; }

        /// <summary>The text.</summary>
        public string Text => Value.Text;

        /// <summary>Whether nothing was written, or an unquoted <c>null</c> or <c>~</c>.</summary>
        public bool IsNull => IsPlain && Text is "" or "~" or "null";
    }

    /// <summary>A list.</summary>
    public sealed record Sequence : SourceNode
    {
        /// <summary>Its entries in order.</summary>
        public required IReadOnlyList<SourceNode> Entries { get; init; }

        /// <summary>Whether it was written in brackets.</summary>
        public required bool IsFlow { get; init; }
    }

    /// <summary>A mapping from names to values.</summary>
    public sealed record Mapping : SourceNode
    {
        /// <summary>Its entries in order; no two have the same key.</summary>
        public required IReadOnlyList<SourceEntry> Entries { get; init; }

        /// <summary>Whether it was written in braces.</summary>
        public required bool IsFlow { get; init; }

        /// <summary>Whether it held keys that were refused, so that a key which seems to be missing may be there.</summary>
        internal bool HasRefusedKeys { get; init; }

        /// <summary>The entry with this exact key; null when there is none.</summary>
        public SourceEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Name == key);
    }

    /// <summary>A value that was refused; a diagnostic says why, and nobody need say more.</summary>
    public sealed record Unreadable : SourceNode;
}

/// <summary>One entry of a mapping.</summary>
/// <param name="Key">Its key, with its place.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceEntry(SourceSlice Key, SourceNode Value)
{
    /// <summary>The key's text.</summary>
    public string Name => Key.Text;
}
