using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Switches a rule on, off, or to dry run in the text of its file; every other character stays.</summary>
public static class RuleSwitch
{
    private const string Key = "enabled";

    /// <summary>The text in which the rule has this mode; null where it cannot be found out where that would stand.</summary>
    /// <param name="text">The text of the file, which can be read.</param>
    /// <param name="nameAt">The place of the first character of the rule's name in it.</param>
    /// <param name="mode">The mode.</param>
    public static string? Set(string text, int nameAt, RuleMode mode)
    {
        var place = Find(text, nameAt);
        if (place is not { } found)
        {
            return null;
        }

        var word = WordOf(mode);
        if (found.Value is { } value)
        {
            return string.Concat(text.AsSpan(0, value.Start), word, text.AsSpan(value.End));
        }

        if (mode == RuleMode.Enabled)
        {
            return text;
        }

        if (found.IsFlow)
        {
            return text.Insert(found.NameEnd, $", {Key}: {word}");
        }

        // On a line of its own behind that of the name, whatever stands there behind the name.
        var lineEnd = text.IndexOf('\n', found.NameEnd);
        var (at, newLine) = lineEnd < 0 ? (text.Length, "\n") : (lineEnd > 0 && text[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd, lineEnd > 0 && text[lineEnd - 1] == '\r' ? "\r\n" : "\n");
        return text.Insert(at, $"{newLine}{new string(' ', found.Column)}{Key}: {word}");
    }

    /// <summary>How a mode is written.</summary>
    public static string WordOf(RuleMode mode) => mode switch { RuleMode.Enabled => "true", RuleMode.Disabled => "false", _ => "dry-run" };

    private static Place? Find(string text, int nameAt)
    {
        // Mappings and lists that are open, innermost last.
        var open = new Stack<Level>();
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingStart start:
                    Of(open)?.Take();
                    open.Push(new Level(isMapping: true, start.Style == MappingStyle.Flow));
                    break;
                case SequenceStart:
                    Of(open)?.Take();
                    open.Push(new Level(isMapping: false, isFlow: false));
                    break;
                case MappingEnd or SequenceEnd:
                    if (open.Pop() is { IsMapping: true, NameEnd: { } end } rule)
                    {
                        return new(rule.Value, end, rule.NameColumn, rule.IsFlow);
                    }

                    break;
                case Scalar scalar:
                    Of(open)?.Take(scalar, nameAt);
                    break;
                case AnchorAlias:
                    Of(open)?.Take();
                    break;
            }
        }

        return null;
    }

    private static Level? Of(Stack<Level> open) => open.TryPeek(out var level) && level.IsMapping ? level : null;

    // A mapping or a list that is being read.
    private sealed class Level(bool isMapping, bool isFlow)
    {
        private string? _key;
        private int _keyColumn;

        public bool IsMapping => isMapping;

        public bool IsFlow => isFlow;

        public (int Start, int End)? Value { get; private set; }

        public int? NameEnd { get; private set; }

        public int NameColumn { get; private set; }

        /// <summary>Takes a list, a mapping or an alias, which ends what its key began.</summary>
        public void Take() => _key = _key is null ? "" : null;

        public void Take(Scalar scalar, int nameAt)
        {
            if (_key is null)
            {
                (_key, _keyColumn) = (scalar.Value, (int)scalar.Start.Column - 1);
                return;
            }

            var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
            if (_key == "name" && start == nameAt)
            {
                (NameEnd, NameColumn) = (end, _keyColumn);
            }
            else if (_key == Key)
            {
                Value = (start, end);
            }

            _key = null;
        }
    }

    private readonly record struct Place((int Start, int End)? Value, int NameEnd, int Column, bool IsFlow);
}
