using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary>An address whose host is written out: what its holes give is percent-encoded and stays within its part of path or query.</summary>
internal sealed class AddressOperation(TextSpan span, Operation[] parts) : Operation(span, Shape.Text)
{
    private const int LongestAddress = 8_192;

    public override IReadOnlyList<Operation> Operands => parts;

    public override Value Evaluate(Scope scope)
    {
        var text = new System.Text.StringBuilder();
        var marks = ValueMarks.None;
        foreach (var part in parts)
        {
            var value = part.Evaluate(scope);
            if (!value.IsKnown)
            {
                return value;
            }

            marks |= value.PrivateMarks;
            text.Append(part is Constant ? value.Text : Uri.EscapeDataString(value.ToText()));
        }

        var address = text.ToString();
        return address.Length > LongestAddress ? Value.Error("the address is longer than 8,192 characters")
            : Climbs(address) ? Value.Error("a value in the address is '.' or '..', which would lead elsewhere")
            : Value.Of(address, marks);
    }

    // Dots are not percent-encoded, and mean the folder above wherever they are all of a segment.
    private static bool Climbs(string address)
    {
        var path = address.AsSpan(0, address.AsSpan().IndexOfAny("?#") is >= 0 and var end ? end : address.Length);
        foreach (var segment in path.Split('/'))
        {
            if (path[segment].Length <= 6 && Uri.UnescapeDataString(path[segment].ToString()) is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
