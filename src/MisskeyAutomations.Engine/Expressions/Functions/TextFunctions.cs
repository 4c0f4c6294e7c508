using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>Functions on texts. Null in is null out, where nothing else is said.</summary>
internal static class TextFunctions
{
    public static Value Fold(ReadOnlySpan<Value> arguments, Scope scope) => Map(arguments[0], scope.Fold);

    public static Value Lower(ReadOnlySpan<Value> arguments, Scope scope) => Map(arguments[0], text => text.ToLowerInvariant());

    public static Value Upper(ReadOnlySpan<Value> arguments, Scope scope) => Map(arguments[0], text => text.ToUpperInvariant());

    public static Value Trim(ReadOnlySpan<Value> arguments, Scope scope) => Map(arguments[0], text => text.Trim());

    public static Value Length(ReadOnlySpan<Value> arguments, Scope scope) =>
        Value.Of(arguments[0].Kind == ValueKind.List ? arguments[0].List.Count : CharactersOf(arguments[0].Text));

    public static Value Join(ReadOnlySpan<Value> arguments, Scope scope)
    {
        if (arguments[0].IsNull)
        {
            return Value.Null;
        }

        var between = arguments.Length > 1 ? arguments[1] : Value.Of(", ", ValueMarks.Markup);
        var parts = new List<Value>(2 * arguments[0].List.Count);
        foreach (var entry in arguments[0].List)
        {
            if (parts.Count > 0)
            {
                parts.Add(between);
            }

            parts.Add(entry);
        }

        return Texts.Concatenate([.. parts]);
    }

    public static Value Number(ReadOnlySpan<Value> arguments, Scope scope) => arguments[0].Kind switch
    {
        ValueKind.Number => arguments[0],
        ValueKind.Text when double.TryParse(Narrow(arguments[0].Text), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => Value.Of(number),
        _ => Value.Null,
    };

    public static Value Duration(ReadOnlySpan<Value> arguments, Scope scope) =>
        Durations.Parse(Narrow(arguments[0].Text)) is { } seconds ? Value.Of(seconds) : Value.Null;

    // Characters as people count them: an emoji of seven code points is one.
    private static int CharactersOf(string text) => Ascii.IsValid(text) ? text.Length - text.AsSpan().Count("\r\n") : new StringInfo(text).LengthInTextElements;

    private static string Narrow(string text) => Folding.Repair(text).Normalize(NormalizationForm.FormKC).Trim();

    private static Value Map(Value value, Func<string, string> map) => value.IsNull ? Value.Null : Texts.Of(map(value.Text));
}
