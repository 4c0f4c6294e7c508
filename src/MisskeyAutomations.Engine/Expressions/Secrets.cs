using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// <c>secret.NAME</c>: no value that an expression could look at, compare or pass on, but a place in a text that is filled when the text
/// is sent. It is therefore a hole of its own, in texts that may hold secrets, and an error everywhere else.
/// </summary>
internal static partial class Secrets
{
    /// <summary>The word that secrets begin with; nothing else can be called so.</summary>
    public const string Word = "secret";

    /// <summary>Where they belong.</summary>
    public const string Where = "a secret stands in http: as the whole address, in its headers: and in its body:, as ${secret.NAME}";

    /// <summary>The secret that a hole is; null when it is something else.</summary>
    public static Operation? Read(Node node, ExpressionContext context, Findings findings)
    {
        if (!context.AllowsSecrets || node is not Node.Member { Target: Node.Variable { Name: Word } } secret)
        {
            return null;
        }

        if (Name().IsMatch(secret.Name))
        {
            return new SecretPlace(secret.Span, secret.Name);
        }

        findings.Add(ExpressionDiagnostics.SecretName, secret.NameSpan, "letters A to Z, digits and _", null, secret.Name);
        return new Constant(secret.Span, Shape.Any, Value.Null);
    }

    /// <summary>Whether it is the place of a secret, or holds one.</summary>
    public static bool AreIn(Operation operation) => operation is SecretPlace || operation.Operands.Any(AreIn);

    /// <summary>Tells that no secret may stand here.</summary>
    public static Operation Refuse(Findings findings, TextSpan span, ExpressionContext context, Phrase? hint)
    {
        findings.Add(ExpressionDiagnostics.SecretMisplaced, span, hint ?? (context.AllowsSecrets ? "write ${secret.NAME} alone, and other text beside it" : Where));
        return new Constant(span, Shape.Any, Value.Null);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    /// <summary>Where a secret belongs; reads as a mask.</summary>
    private sealed class SecretPlace(TextSpan span, string name) : Operation(span, Shape.Text)
    {
        private readonly Value _value = Value.Of(MarkedText.OfSecret(name), ValueMarks.None);

        public override Value Evaluate(Scope scope) => _value;
    }
}
