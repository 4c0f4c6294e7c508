using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Writes the holes of a text as everybody would; not a letter between them changes.</summary>
public static class TemplateFormatter
{
    /// <summary>
    /// The text with each <c>${…}</c> in its canonical spelling. It means the same, and formatting it again changes nothing. Null when a
    /// hole is not well formed; one that would no longer be within the budgets of an expression stays as it is.
    /// </summary>
    public static string? Format(SourceSlice source)
    {
        var text = source.Text;
        var formatted = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                formatted.Append("$${");
                at += 3;
            }
            else if (text.AsSpan(at).StartsWith("${"))
            {
                if (FormatHole(source, at) is not var (hole, end))
                {
                    return null;
                }

                formatted.Append(hole);
                at = end;
            }
            else
            {
                formatted.Append(text[at]);
                at++;
            }
        }

        return formatted.ToString();
    }

    private static (string Hole, int End)? FormatHole(SourceSlice source, int start)
    {
        var findings = new Findings(source, new DiagnosticBag());
        var lexed = Lexer.Read(findings, start + 2, inHole: true);
        if (!lexed.IsClosed || lexed.IsBroken || lexed.Tokens is null || NodeReader.Read(findings, lexed.Tokens) is not { } node)
        {
            return null;
        }

        var expression = NodePrinter.Print(node);
        return (expression.Length <= ExpressionLimits.SourceLength ? $"${{{expression}}}" : source.Text[start..lexed.End], lexed.End);
    }
}
