using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>Reads a written value that is one expression.</summary>
internal static class ExpressionReader
{
    /// <summary>The expression's node; null when it is not well formed, the reasons being among the findings.</summary>
    public static Node? Read(Findings findings)
    {
        var lexed = ReadWhole(findings);
        return lexed.Tokens is null || lexed.IsBroken ? null : NodeReader.Read(findings, lexed.Tokens);
    }

    // ${…} around the whole is what people write who come from templates: it is taken off.
    private static Lexer.Result ReadWhole(Findings findings)
    {
        var text = findings.Slice.Text;
        var start = text.Length - text.AsSpan().TrimStart().Length;
        if (text.AsSpan(start).StartsWith("${"))
        {
            var aside = new Findings(findings.Slice, new DiagnosticBag());
            var hole = Lexer.Read(aside, start + 2, inHole: true);
            if (hole.IsClosed && text.AsSpan(hole.End).IsWhiteSpace())
            {
                return aside.HasErrors ? Lexer.Read(findings, start + 2, inHole: true) : hole;
            }
        }

        return Lexer.Read(findings, 0, inHole: false);
    }
}
