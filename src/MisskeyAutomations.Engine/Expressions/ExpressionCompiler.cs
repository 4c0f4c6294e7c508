using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Checks and compiles what rules write as expressions and as texts.</summary>
public static class ExpressionCompiler
{
    /// <summary>Compiles an expression; <c>${…}</c> around the whole is accepted. Null when errors were found, all of which are in the bag.</summary>
    public static CompiledExpression? Compile(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        Compile(source, context, diagnostics, isCondition: false);

    /// <summary>Compiles a condition: its value is true or false, null being false; what is known to be something else is an error.</summary>
    public static CompiledExpression? CompileCondition(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        Compile(source, context, diagnostics, isCondition: true);

    /// <summary>Compiles a text with <c>${…}</c> holes. Null when errors were found, all of which are in the bag.</summary>
    public static Template? CompileTemplate(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        new TemplateReader(source, context, diagnostics).Read();

    /// <summary>
    /// Compiles the address of a web page or service: its host is written out, what holes give is percent-encoded; or it is one secret.
    /// Null when errors were found, all of which are in the bag.
    /// </summary>
    public static Template? CompileAddress(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        new AddressReader(source, context, diagnostics).Read();

    private static CompiledExpression? Compile(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics, bool isCondition)
    {
        var findings = new Findings(source, diagnostics);
        if (ExpressionReader.Read(findings) is not { } node)
        {
            return null;
        }

        var binder = new Binder(context, findings, new DiceCounter(context.Place));
        var operation = binder.Bind(node);
        if (isCondition)
        {
            binder.CheckCondition(operation);
            operation = new Operations.WholeCondition(operation);
        }

        return findings.HasErrors ? null : new(source, operation);
    }
}
