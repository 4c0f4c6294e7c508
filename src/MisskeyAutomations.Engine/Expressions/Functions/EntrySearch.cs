using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary><c>count first last any all</c>: they ask a condition for one entry after the other, which sees it as <c>it</c>.</summary>
internal static class EntrySearch
{
    public static Operation Count(FunctionCall call) => new Search(call, backwards: false, (list, holds) =>
        Value.Of(holds.Count(truth => truth)), stopsAt: null);

    public static Operation First(FunctionCall call) => new Search(call, backwards: false, (list, holds) =>
        holds.IndexOf(true) is >= 0 and var at ? list[at] : Value.Null, stopsAt: true);

    public static Operation Last(FunctionCall call) => new Search(call, backwards: true, (list, holds) =>
        holds.IndexOf(true) is >= 0 and var at ? list[list.Count - 1 - at] : Value.Null, stopsAt: true);

    public static Operation Any(FunctionCall call) => new Search(call, backwards: false, (list, holds) => Value.Of(holds.Contains(true)), stopsAt: true);

    public static Operation All(FunctionCall call) => new Search(call, backwards: false, (list, holds) => Value.Of(!holds.Contains(false)), stopsAt: false);

    public static Shape EntryShape(FunctionCall call) => call.Arguments[0].Shape is Shape.ListShape list ? list.Element : Shape.Any;

    private delegate Value Summary(IReadOnlyList<Value> list, List<bool> holds);

    private sealed class Search(FunctionCall call, bool backwards, Summary summary, bool? stopsAt) : Operation(call.Span, call.Shape)
    {
        private readonly string _name = call.Function.Name;
        private readonly Operation? _condition = call[1];

        public override IReadOnlyList<Operation> Operands { get; } = call.Arguments;

        public override Value Evaluate(Scope scope)
        {
            var list = Operands[0].Evaluate(scope);
            if (list.Kind is not (ValueKind.List or ValueKind.Null))
            {
                return list.IsKnown ? Value.Error($"{_name} needs a list, not {ShapeWords.OfKind(list.Kind)}") : list;
            }

            var (outerIt, outerRound, outer) = (scope.It, scope.Round, scope.Searching);
            scope.Searching ??= _condition is null ? null : new();
            var result = Summarize(list, outerRound, scope);
            (scope.It, scope.Round, scope.Searching) = (outerIt, outerRound, outer);
            return result;
        }

        private Value Summarize(Value list, int outerRound, Scope scope)
        {
            var entries = list.List;
            var marks = Marks.Private(list);
            var holds = new List<bool>();
            for (var i = 0; i < entries.Count; i++)
            {
                if (_condition is not null && scope.Searching!.Count() is { Kind: ValueKind.Error } tooMuch)
                {
                    return tooMuch;
                }

                var at = backwards ? entries.Count - 1 - i : i;
                (scope.It, scope.Round) = (entries[at].With(Marks.Private(list)), (outerRound * 31) + at + 1);
                var truth = _condition is null ? Value.True : Conditions.Read(_condition.Evaluate(scope));
                if (!truth.IsKnown)
                {
                    return truth;
                }

                marks |= Marks.Private(truth);
                holds.Add(truth.IsTrue);
                if (truth.IsTrue == stopsAt)
                {
                    break;
                }
            }

            return summary(entries, holds).With(marks);
        }
    }
}
