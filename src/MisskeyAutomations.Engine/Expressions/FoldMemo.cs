namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Remembers the last texts that were folded, by identity: the rules of one event all look at the same few texts.</summary>
internal sealed class FoldMemo
{
    private const int Size = 8;
    private readonly Entry?[] _entries = new Entry?[Size];
    private int _next;

    public string Fold(string text)
    {
        foreach (var entry in _entries)
        {
            if (entry is not null && ReferenceEquals(entry.Text, text))
            {
                return entry.Folded;
            }
        }

        var folded = Folding.Fold(text);
        _entries[(uint)_next++ % Size] = new(text, folded);
        return folded;
    }

    private sealed record Entry(string Text, string Folded);
}
