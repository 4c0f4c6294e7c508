using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Writes expressions as everybody would: one spelling for each operator, no parentheses that change nothing.</summary>
public static class ExpressionFormatter
{
    /// <summary>
    /// The expression in its canonical spelling, without <c>${…}</c> around the whole. It means the same, and formatting it again
    /// changes nothing. Null when it is not well formed; what would no longer be within the budgets of an expression stays as it is.
    /// </summary>
    public static string? Format(SourceSlice source)
    {
        if (ExpressionReader.Read(new Findings(source, new DiagnosticBag())) is not { } node)
        {
            return null;
        }

        var text = NodePrinter.Print(node);
        return text.Length <= ExpressionLimits.SourceLength ? text : source.Text;
    }
}
