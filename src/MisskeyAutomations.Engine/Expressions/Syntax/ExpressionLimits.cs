namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>
/// The budgets of one expression, checked before NCalc's parser sees anything: it kills the process at about 1,000 nested
/// parentheses and takes seconds for chains of some thousand operators.
/// </summary>
internal static class ExpressionLimits
{
    public const int SourceLength = 2_000;
    public const int Tokens = 512;
    public const int Depth = 32;
    public const int PatternLength = 1_000;
}
