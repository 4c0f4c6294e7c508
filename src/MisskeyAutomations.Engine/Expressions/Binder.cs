using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Gives every name its meaning and checks every type. What is wrong becomes a finding and a value of unknown shape, so that the
/// rest is checked too.
/// </summary>
internal sealed partial class Binder(ExpressionContext context, Findings findings, DiceCounter dice)
{
    private readonly Stack<Shape> _its = new();

    /// <summary>The operation of a node.</summary>
    public Operation Bind(Node node) => node switch
    {
        Node.Literal literal => new Constant(literal.Span, ShapeOf(literal.Value), literal.Value),
        Node.Variable variable => BindVariable(variable),
        Node.Member member => BindMember(member),
        Node.Index index => BindIndex(index),
        Node.List list => BindList(list),
        Node.Call call => BindCall(call),
        Node.Unary unary => BindUnary(unary),
        Node.Binary binary => BindBinary(binary),
        Node.Conditional conditional => BindConditional(conditional),
        Node.Pattern pattern => Misplaced(pattern),
        _ => throw new System.Diagnostics.UnreachableException(node.GetType().Name),
    };

    private static Shape ShapeOf(Value value) => value.Kind switch
    {
        ValueKind.Boolean => Shape.Boolean,
        ValueKind.Number => Shape.Number,
        ValueKind.Text => Shape.Text,
        _ => Shape.Any,
    };

    private static Constant Unknown(TextSpan span) => new(span, Shape.Any, Value.Null);

    private Constant Misplaced(Node.Pattern pattern)
    {
        findings.Add(ExpressionDiagnostics.RegexMisplaced, pattern.Span, "write matches(x, /…/)");
        return Unknown(pattern.Span);
    }

    private Operation BindVariable(Node.Variable variable, bool isOwner = false)
    {
        var (span, name) = (variable.Span, variable.Name);
        if (name == "it")
        {
            if (_its.TryPeek(out var entry))
            {
                return new ItVariable(span, entry);
            }

            findings.Add(ExpressionDiagnostics.ItOutside, span);
            return Unknown(span);
        }

        if (name == Secrets.Word)
        {
            return Secrets.Refuse(findings, span, context, "write secret.NAME");
        }

        if (context.Variables.TryGetValue(name, out var shape))
        {
            return name == "now" ? new NowVariable(span) : new Variable(span, shape, name);
        }

        if (name == "lists")
        {
            findings.Add(ExpressionDiagnostics.UnknownVariable, span, "write lists.NAME", ContextNotes.Lists(context), name);
        }
        else
        {
            findings.Add(ExpressionDiagnostics.UnknownVariable, span, VariableHint(name, isOwner), ContextNotes.Variables(context, name), name);
        }

        return Unknown(span);
    }

    private Phrase? VariableHint(string name, bool isOwner)
    {
        if (name.ToLowerInvariant() is "undefined" or "nil" or "none")
        {
            return "write null";
        }

        if (Functions.FunctionTable.Find(name) is { } function)
        {
            return $"it is a function: {function.Signature}";
        }

        if (name.ToLowerInvariant() is "secret" or "secrets" or "env")
        {
            return context.AllowsSecrets ? "write ${secret.NAME}" : Secrets.Where;
        }

        if (name == "error")
        {
            return "it is there in the steps below 'on-error:', and nowhere else";
        }

        if (NearestName.Find(name, context.Variables.Keys) is { } near)
        {
            return $"did you mean '{near}'?";
        }

        // A property without its object is a frequent slip: isBot for user.isBot.
        string[] owners = [.. context.Variables.Where(variable => variable.Value is Shape.ObjectShape { Open: false } shape && shape.Properties.ContainsKey(name)).Select(variable => $"'{variable.Key}.{name}'")];
        return owners.Length > 0 ? Phrase.Of($"did you mean {Words.Or(owners)}?") : isOwner ? null : Phrase.Of($"a text stands in quotes: '{name}'");
    }

    private Operation BindMember(Node.Member member)
    {
        if (member.Target is Node.Variable { Name: "lists" } && !context.Variables.ContainsKey("lists"))
        {
            return BindList(member);
        }

        if (member.Target is Node.Variable { Name: Secrets.Word })
        {
            return Secrets.Refuse(findings, member.Span, context, null);
        }

        var target = member.Target is Node.Variable owner ? BindVariable(owner, isOwner: true) : Bind(member.Target);
        switch (target.Shape)
        {
            case Shape.AnyShape:
                return new Member(member.Span, target, member.Name, null);
            case Shape.ObjectShape shape when shape.Properties.TryGetValue(member.Name, out var property):
                if (property.Enrichment is { } kind)
                {
                    context.Lookups?.Add(kind);
                }

                return new Member(member.Span, target, member.Name, property);
            case Shape.ObjectShape { Open: true }:
                return new Member(member.Span, target, member.Name, null);
            default:
                var written = findings.TextOf(member.Target.Span);
                findings.Add(ExpressionDiagnostics.UnknownProperty, member.Span, PropertyHint(target.Shape, written, member.Name),
                    ContextNotes.Properties(context, member.Target, target.Shape), written, member.Name);
                return Unknown(member.Span);
        }
    }

    private Phrase? PropertyHint(Shape shape, string target, string name)
    {
        if (shape is Shape.ObjectShape known)
        {
            return NearestName.Find(name, known.Properties.Keys) is { } near ? Phrase.Of($"did you mean '{target}.{near}'?")
                : known.Name is "event" && context.Variables.ContainsKey(name) ? Phrase.Of($"did you mean '{name}'?") : null;
        }

        var function = name switch
        {
            "length" or "count" or "size" => shape is Shape.ListShape ? "count" : "length",
            _ when Functions.FunctionTable.Find(name) is { Minimum: <= 1 } called => called.Name,
            _ => null,
        };
        return function is not null ? Phrase.Of($"write {function}({target})") : Phrase.Of($"'{target}' is {ShapeWords.Of(shape)}");
    }

    private Operation BindList(Node.Member member)
    {
        if (context.Lists.Contains(member.Name))
        {
            return new RuleList(member.Span, member.Name);
        }

        var near = NearestName.Find(member.Name, context.Lists);
        findings.Add(ExpressionDiagnostics.UnknownList, member.NameSpan, near is null ? null : Phrase.Of($"did you mean 'lists.{near}'?"), ContextNotes.Lists(context), member.Name);
        return Unknown(member.Span);
    }

    private Operation BindIndex(Node.Index index)
    {
        var target = Bind(index.Target);
        if (index.Position is Node.Literal { Value.Kind: ValueKind.Text } name)
        {
            var (path, text) = (findings.TextOf(index.Target.Span), name.Value.Text);
            Phrase hint = text.Length == 0 || !text.All(c => char.IsLetterOrDigit(c) || c == '_') ? Phrase.Of("a path is written a.b")
                : text.All(char.IsAsciiDigit) ? Phrase.Of($"write {path}[{text}]") : Phrase.Of($"write {path}.{text}");
            findings.Add(ExpressionDiagnostics.BracketProperty, name.Span, hint);
            return Unknown(index.Span);
        }

        var position = Bind(index.Position);
        if (position.Shape is not (Shape.NumberShape or Shape.AnyShape))
        {
            findings.Add(ExpressionDiagnostics.OperandType, position.Span, null, null, "[…]", Phrase.Of("a position"), ShapeWords.Of(position.Shape));
        }

        if (target.Shape is not (Shape.ListShape or Shape.AnyShape))
        {
            findings.Add(ExpressionDiagnostics.OperandType, target.Span, null, null, "[…]", Phrase.Of("a list"), ShapeWords.Of(target.Shape));
        }

        return new IndexOperation(index.Span, target.Shape is Shape.ListShape list ? list.Element : Shape.Any, target, position);
    }

    private ListOperation BindList(Node.List list)
    {
        Operation[] entries = [.. list.Entries.Select(Bind)];
        return new(list.Span, Shape.List(Functions.ChoiceFunctions.Common(entries)), entries);
    }
}
