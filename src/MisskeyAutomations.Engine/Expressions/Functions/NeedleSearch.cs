using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>
/// <c>contains startsWith endsWith</c>: folded comparison with any number of needles and lists of needles. An empty needle is never
/// found, so that an empty line in a list does not answer everybody.
/// </summary>
internal sealed class NeedleSearch : Operation
{
    private delegate bool Test(string text, string needle);

    private readonly string _name;
    private readonly Test _test;
    private readonly string[]? _written;
    private FoldedList? _lastList;

    private NeedleSearch(FunctionCall call, Test test) : base(call.Span, Shape.Boolean)
    {
        _name = call.Function.Name;
        _test = test;
        Operands = call.Arguments;
        if (Operands.Skip(1).All(needle => needle is Constant { Value.Kind: ValueKind.Text }))
        {
            _written = [.. Operands.Skip(1).Select(needle => Folding.Fold(((Constant)needle).Value.Text)).Where(needle => needle.Length > 0)];
        }
    }

    public override IReadOnlyList<Operation> Operands { get; }

    public static Operation Bind(FunctionCall call)
    {
        for (var i = 1; i < call.Arguments.Count; i++)
        {
            if (call.Written(i) is { Kind: ValueKind.Text } written && Folding.Fold(written.Text).Length == 0)
            {
                call.Refuse(i, "an empty text is never found", "write what to look for");
            }
        }

        return new NeedleSearch(call, call.Function.Name switch
        {
            "startsWith" => (text, needle) => text.StartsWith(needle, StringComparison.Ordinal),
            "endsWith" => (text, needle) => text.EndsWith(needle, StringComparison.Ordinal),
            _ => (text, needle) => text.Contains(needle, StringComparison.Ordinal),
        });
    }

    public override Value Evaluate(Scope scope)
    {
        var subject = Operands[0].Evaluate(scope);
        if (!subject.IsKnown)
        {
            return subject;
        }

        if (subject.Kind is not (ValueKind.Text or ValueKind.Null or ValueKind.List) || (subject.Kind == ValueKind.List && _name != "contains"))
        {
            return Value.Error($"{_name} needs a text, not {ShapeWords.OfKind(subject.Kind)}");
        }

        if (_written is not null)
        {
            return Value.Of(!subject.IsNull && Finds(subject, scope, _written)).With(Marks.Private(subject));
        }

        var marks = Marks.Private(subject);
        for (var i = 1; i < Operands.Count; i++)
        {
            var needle = Operands[i].Evaluate(scope);
            if (needle.Kind is not (ValueKind.Text or ValueKind.List or ValueKind.Null))
            {
                return needle.IsKnown ? Value.Error($"{_name} looks for texts, not for {ShapeWords.OfKind(needle.Kind)}") : needle;
            }

            marks |= Marks.Private(needle);
            if (!subject.IsNull && Finds(subject, scope, Needles(needle, scope)))
            {
                return Value.True.With(marks);
            }
        }

        return Value.False.With(marks);
    }

    private bool Finds(Value subject, Scope scope, string[] needles)
    {
        if (subject.Kind == ValueKind.List)
        {
            return FindsEntry(subject.List, scope, needles);
        }

        var text = scope.Fold(subject.Text);
        foreach (var needle in needles)
        {
            if (_test(text, needle))
            {
                return true;
            }
        }

        return false;
    }

    // Apart, because what a lambda captures is allocated where the method begins, for texts too.
    private static bool FindsEntry(IReadOnlyList<Value> entries, Scope scope, string[] needles) =>
        entries.Any(entry => needles.Contains(scope.Fold(entry.ToText())));

    // The lists of a rule set are the same object at every evaluation: they are folded once.
    private string[] Needles(Value needle, Scope scope)
    {
        if (needle.Kind != ValueKind.List)
        {
            return needle.IsNull || scope.Fold(needle.Text) is not { Length: > 0 } folded ? [] : [folded];
        }

        var last = _lastList;
        if (last is null || !ReferenceEquals(last.List, needle.List))
        {
            last = new(needle.List, [.. needle.List.Select(entry => Folding.Fold(entry.ToText())).Where(folded => folded.Length > 0)]);
            _lastList = last;
        }

        return last.Folded;
    }

    private sealed record FoldedList(IReadOnlyList<Value> List, string[] Folded);
}
