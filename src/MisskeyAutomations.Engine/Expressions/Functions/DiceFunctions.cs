using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary><c>random chance choose pick</c></summary>
internal static class DiceFunctions
{
    public static Operation Random(FunctionCall call)
    {
        var dice = call.Dice;
        if (call.Written(0) is { Kind: ValueKind.Number } from && call.Written(1) is { Kind: ValueKind.Number } to
            && Math.Ceiling(from.Number) > Math.Floor(to.Number))
        {
            call.Refuse(0, $"there is no whole number from {from.ToText()} to {to.ToText()}", from.Number > to.Number ? "write the smaller one first" : null);
        }

        return new StrictCall(call, (arguments, scope) =>
        {
            if (arguments[0].IsNull || arguments[1].IsNull)
            {
                return Value.Null;
            }

            var (lowest, highest) = (Math.Ceiling(arguments[0].Number), Math.Floor(arguments[1].Number));
            return lowest > highest ? Value.Error($"there is no whole number from {arguments[0].ToText()} to {arguments[1].ToText()}")
                : Value.Of(Math.Min(highest, lowest + Math.Floor(dice.Throw(scope) * (highest - lowest + 1))));
        });
    }

    public static Operation Chance(FunctionCall call)
    {
        var dice = call.Dice;
        if (call.Written(0) is { Kind: ValueKind.Number, Number: < 0 or > 1 } written)
        {
            var hint = written.Number is > 1 and <= 100 ? Phrase.Of($"write chance({Value.Of(written.Number / 100).ToText()}) for {written.ToText()} %") : null;
            call.Refuse(0, "a probability is from 0 to 1", hint);
        }

        return new StrictCall(call, (arguments, scope) => arguments[0].IsNull ? Value.False : Value.Of(dice.Throw(scope) < arguments[0].Number));
    }

    public static Operation Choose(FunctionCall call)
    {
        var dice = call.Dice;
        return new PassingCall(call, (arguments, scope) => arguments.Length == 1 && arguments[0].Kind is ValueKind.List or ValueKind.Null
            ? At(arguments[0].List, dice.Throw(scope))
            : At([.. arguments], dice.Throw(scope)));
    }

    public static Value Pick(ReadOnlySpan<Value> arguments, Scope scope) => At(arguments[1].List, Dice.Of(arguments[0].ToText()));

    public static Shape ChosenShape(FunctionCall call) => call.Arguments is [{ Shape: var only }]
        ? only is Shape.ListShape list ? list.Element : Shape.Any
        : ChoiceFunctions.CommonShape(call);

    public static Shape PickedShape(FunctionCall call) => call.Arguments[1].Shape is Shape.ListShape list ? list.Element : Shape.Any;

    private static Value At(IReadOnlyList<Value> entries, double place) =>
        entries.Count == 0 ? Value.Null : entries[Math.Min(entries.Count - 1, (int)(place * entries.Count))];
}
