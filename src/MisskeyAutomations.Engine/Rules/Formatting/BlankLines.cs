using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>One blank line between rules and between the keys of a file, at most one elsewhere, none at the file's ends.</summary>
internal sealed class BlankLines(SourceText source, TextEdits edits, IReadOnlyList<BlankLines.Row> rows)
{
    private readonly string _lineEnd = source.Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>What is known of a line.</summary>
    public sealed record Row(int Start, int End, bool IsBlank, bool IsComment, int NewColumn);

    public void Edit(IReadOnlyList<SourceNode> documents, IReadOnlyDictionary<int, BlockLayout.Inside> inside)
    {
        var last = -1;
        var end = rows.Count - rows.Reverse().TakeWhile(row => row.IsBlank).Count();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!rows[i].IsBlank)
            {
                last = i;
            }
            else if (last < 0 || i >= end || i - last > 1)
            {
                edits.Replace(new(rows[i].Start, i + 1 < rows.Count ? rows[i + 1].Start : source.Text.Length), "");
            }
            else
            {
                edits.Replace(new(rows[i].Start, rows[i].End), "");
            }
        }

        foreach (var start in documents.SelectMany(Parted))
        {
            Part(source.GetPosition(start).Line - 1, inside);
        }

        EndLine(last, inside);
    }

    // Where a rule or a key of the file begins that has another before it.
    private IEnumerable<int> Parted(SourceNode document)
    {
        if (document is not SourceNode.Mapping { IsFlow: false } root)
        {
            yield break;
        }

        for (var i = 0; i < root.Entries.Count; i++)
        {
            var (key, value) = root.Entries[i];
            if (i > 0 && (IsTall(value) || IsTall(root.Entries[i - 1].Value)))
            {
                yield return key.Span.Start;
            }

            if (key.Text == "rules" && value is SourceNode.Sequence { IsFlow: false } rules)
            {
                for (var rule = 1; rule < rules.Entries.Count; rule++)
                {
                    if (IsTall(rules.Entries[rule]) || IsTall(rules.Entries[rule - 1]))
                    {
                        yield return DashOf(rules.Entries[rule]);
                    }
                }
            }
        }
    }

    // A dash may stand on a line of its own.
    private int DashOf(SourceNode entry) =>
        source.Text.AsSpan(0, entry.Span.Start).TrimEnd() is [.., '-'] before ? before.Length - 1 : entry.Span.Start;

    private static bool IsTall(SourceNode node) => node is SourceNode.Mapping { IsFlow: false } or SourceNode.Sequence { IsFlow: false };

    // Comments right above belong to what follows, unless they are indented deeper.
    private void Part(int row, IReadOnlyDictionary<int, BlockLayout.Inside> inside)
    {
        var first = row;
        while (first > 0 && rows[first - 1].IsComment && rows[first - 1].NewColumn <= rows[row].NewColumn)
        {
            first--;
        }

        // A blank line behind a block text that keeps its end would become part of it.
        if (first > 0 && !rows[first - 1].IsBlank && !(inside.TryGetValue(first, out var before) && before.Keeps))
        {
            edits.Insert(rows[first].Start, _lineEnd);
        }
    }

    private void EndLine(int last, IReadOnlyDictionary<int, BlockLayout.Inside> inside)
    {
        // To a block text at the end of the file, a last line break is one more character.
        if (last >= 0 && last == rows.Count - 1 && !source.Text.EndsWith('\n') && !(inside.TryGetValue(last + 1, out var block) && block.IsBlock))
        {
            edits.Insert(source.Text.Length, _lineEnd);
        }
    }
}
