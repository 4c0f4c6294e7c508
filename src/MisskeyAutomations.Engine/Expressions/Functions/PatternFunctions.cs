using System.Text;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>Functions that take a regular expression. Null in is null out; null matches nothing.</summary>
internal static class PatternFunctions
{
    public static Operation Matches(FunctionCall call)
    {
        var pattern = call.PatternAt(1);
        return new StrictCall(call, (arguments, _) => arguments[0].IsNull ? Value.False : pattern!.Matches(arguments[0].Text));
    }

    public static Operation Capture(FunctionCall call)
    {
        var pattern = call.PatternAt(1);
        if (pattern is not null && call.Arguments.Count == 2 && !pattern.Groups.Contains(1))
        {
            call.Refuse(1, "the regular expression has no group", "put what you want in parentheses, or write 0 as third argument for the whole");
        }
        else if (pattern is not null && call.Written(2) is { Kind: ValueKind.Number } group && !pattern.Groups.Contains((int)group.Number))
        {
            call.Refuse(2, $"the regular expression has no group {group.ToText()}");
        }

        return new StrictCall(call, (arguments, _) => arguments[0].IsNull ? Value.Null
            : pattern!.Capture(arguments[0].Text, arguments.Length > 2 ? (int)arguments[2].Number : 1));
    }

    public static Operation Replace(FunctionCall call)
    {
        var pattern = call.PatternAt(1);
        RefuseEmpty(call);
        return new StrictCall(call, (arguments, _) => arguments[0].IsNull ? Value.Null
            : Pieces(pattern, arguments, out var pieces) is { Kind: ValueKind.Error } error ? error : Glue(pieces, arguments[2].Text));
    }

    public static Operation Split(FunctionCall call)
    {
        var pattern = call.PatternAt(1);
        RefuseEmpty(call);
        return new StrictCall(call, (arguments, _) => arguments[0].IsNull ? Value.Null
            : Pieces(pattern, arguments, out var pieces) is { Kind: ValueKind.Error } error ? error
            : pieces.Count > Texts.MaximumEntries ? Texts.TooMany : Value.Of([.. pieces.Select(piece => Value.Of(piece))]));
    }

    private static void RefuseEmpty(FunctionCall call)
    {
        if (call.Written(1) is { Kind: ValueKind.Text, Text: "" })
        {
            call.Refuse(1, "an empty text is found nowhere");
        }
    }

    // What lies between the occurrences; the whole when there are none. An empty text is found nowhere.
    private static Value Pieces(Pattern? pattern, ReadOnlySpan<Value> arguments, out List<string> pieces)
    {
        var text = arguments[0].Text;
        var places = new List<(int Start, int Length)>();
        var found = pattern is not null ? pattern.Find(text, places) : FindText(text, arguments[1].Text, places);
        pieces = [];
        var from = 0;
        foreach (var (start, length) in places)
        {
            pieces.Add(text[from..start]);
            from = start + length;
        }

        pieces.Add(text[from..]);
        return found;
    }

    private static Value FindText(string text, string what, List<(int Start, int Length)> places)
    {
        for (var at = 0; what.Length > 0 && (at = text.IndexOf(what, at, StringComparison.Ordinal)) >= 0; at += what.Length)
        {
            places.Add((at, what.Length));
        }

        return Value.Null;
    }

    // The length is known before anything is built: 64 KiB of 'a' replaced by 64 KiB each would be 4 GiB.
    private static Value Glue(List<string> pieces, string between)
    {
        var length = pieces.Sum(piece => (long)piece.Length) + ((pieces.Count - 1L) * between.Length);
        if (length > Texts.MaximumBytes)
        {
            return Texts.TooLong;
        }

        return Texts.Of(new StringBuilder((int)length).AppendJoin(between, pieces).ToString());
    }
}
