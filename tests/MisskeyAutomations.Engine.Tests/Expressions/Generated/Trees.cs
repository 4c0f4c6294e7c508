using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Tests.Expressions.Generated;

/// <summary>Trees as texts in which every part is bracketed: two trees are the same when these are.</summary>
internal static class Trees
{
    public static string Tell(Node node) => node switch
    {
        Node.Literal literal => literal.Written.Length > 0 ? literal.Written : literal.Value.ToString(),
        Node.Pattern pattern => $"/{pattern.Text}/{pattern.IgnoresCase}",
        Node.Variable variable => variable.Name,
        Node.Member member => $"[{Tell(member.Target)} . {member.Name}]",
        Node.Index index => $"[{Tell(index.Target)} at {Tell(index.Position)}]",
        Node.Call call => $"[call {call.Name} {string.Join(" ", call.Arguments.Select(Tell))}]",
        Node.List list => $"[list {string.Join(" ", list.Entries.Select(Tell))}]",
        Node.Unary unary => $"[{(unary.IsNot ? "not" : "minus")} {Tell(unary.Operand)}]",
        Node.Binary binary => $"[{Tell(binary.Left)} {binary.Operator} {Tell(binary.Right)}]",
        Node.Conditional conditional => $"[{Tell(conditional.Condition)} ? {Tell(conditional.Then)} : {Tell(conditional.Otherwise)}]",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What is read; null when it is not well formed.</summary>
    public static Node? Read(string text) => ExpressionReader.Read(new Findings(SourceSlice.Of(text), new DiagnosticBag()));

    public static CompiledExpression? Compile(string text) => ExpressionCompiler.Compile(SourceSlice.Of(text), SomeScope.Context, new DiagnosticBag());
}
