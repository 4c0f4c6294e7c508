using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Checks and compiles what rules write as expressions and as texts.</summary>
public static class ExpressionCompiler
{
    /// <summary>Compiles an expression; <c>${…}</c> around the whole is accepted. Null when errors were found, all of which are in the bag.</summary>
    public static CompiledExpression? Compile(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        throw new NotSupportedException();

    /// <summary>Compiles a text with <c>${…}</c> holes. Null when errors were found, all of which are in the bag.</summary>
    public static Template? CompileTemplate(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics) =>
        throw new NotSupportedException();
}
