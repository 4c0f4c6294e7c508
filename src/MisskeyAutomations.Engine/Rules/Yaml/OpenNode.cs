using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>A list or mapping whose end has not been read yet.</summary>
internal sealed record OpenNode(bool IsMapping, bool IsFlow, int Start, bool IsRefused)
{
    public List<SourceNode> Nodes { get; } = [];
    public List<SourceEntry> Entries { get; } = [];
    public Dictionary<string, TextSpan> Places { get; } = new(StringComparer.Ordinal);
    public SourceSlice? Key { get; set; }
    public bool ExpectsValue { get; set; }
    public bool HasRefusedKeys { get; set; }
    public int LastEnd { get; set; }

    // A YAML error stands where this entry might have gone on, so nobody knows whether it is whole.
    public void DropLast()
    {
        if (Nodes is [.., not SourceNode.Scalar])
        {
            Nodes[^1] = Nodes[^1] with { IsComplete = false };
        }

        if (Entries is [.., { Value: not SourceNode.Scalar } last])
        {
            Entries[^1] = last with { Value = last.Value with { IsComplete = false } };
        }
    }

    public SourceNode ToNode(SourceText source, int end, bool isComplete)
    {
        // A block collection ends at its last entry, not at the blank lines and comments behind it.
        var span = new TextSpan(Start, IsFlow || !isComplete ? Math.Max(end, Start) : Math.Max(LastEnd, Start));
        if (IsRefused || (HasRefusedKeys && Entries.Count == 0))
        {
            return new SourceNode.Unreadable { Source = source, Span = span };
        }

        return IsMapping
            ? new SourceNode.Mapping { Source = source, Span = span, Entries = Entries, IsFlow = IsFlow, IsComplete = isComplete, HasRefusedKeys = HasRefusedKeys }
            : new SourceNode.Sequence { Source = source, Span = span, Entries = Nodes, IsFlow = IsFlow, IsComplete = isComplete };
    }
}
