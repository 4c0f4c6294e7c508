using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Functions;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

internal sealed partial class Binder
{
    /// <summary>What other languages call our functions.</summary>
    private static readonly Dictionary<string, string> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        ["includes"] = "contains",
        ["like"] = "contains",
        ["len"] = "length",
        ["size"] = "length",
        ["strlen"] = "length",
        ["regex"] = "matches",
        ["match"] = "matches",
        ["test"] = "matches",
        ["toLower"] = "lower",
        ["toLowerCase"] = "lower",
        ["toUpper"] = "upper",
        ["toUpperCase"] = "upper",
        ["strip"] = "trim",
        ["default"] = "coalesce",
        ["ifnull"] = "coalesce",
        ["int"] = "number",
        ["float"] = "number",
        ["exists"] = "has",
        ["isset"] = "has",
        ["empty"] = "has",
        ["some"] = "any",
        ["every"] = "all",
        ["iif"] = "if",
        ["concat"] = "join",
        ["rand"] = "random",
        ["sample"] = "choose",
        ["format"] = "join",
        ["today"] = "date",
    };

    private Operation BindCall(Node.Call call)
    {
        if (FunctionTable.Find(call.Name) is not { } function)
        {
            var near = Foreign.TryGetValue(call.Name, out var meant) ? meant : NearestName.Find(call.Name, FunctionTable.All.Select(row => row.Name));
            findings.Add(ExpressionDiagnostics.UnknownFunction, call.NameSpan, near is null ? null : Phrase.Of($"did you mean '{near}'?"), near is null ? null : Phrase.Of($"{FunctionTable.Find(near)!.Signature}"), call.Name);
            _its.Push(Shape.Any);
            foreach (var argument in call.Arguments.Where(argument => argument is not Node.Pattern))
            {
                Bind(argument);
            }

            _its.Pop();
            return Unknown(call.Span);
        }

        if (!HasRightCount(function, call))
        {
            return Unknown(call.Span);
        }

        var arguments = BindArguments(function, call);
        if (arguments is null)
        {
            return Unknown(call.Span);
        }

        WarnOfMention(function, arguments, call);
        var bound = new FunctionCall(function, call.Span, arguments) { Findings = findings, Dice = dice.Next() };
        return function.Bind(bound);
    }

    private bool HasRightCount(Function function, Node.Call call)
    {
        var count = call.Arguments.Count;
        if (count >= function.Minimum && count <= function.Maximum)
        {
            return true;
        }

        var (minimum, maximum) = (function.Minimum, function.Maximum);
        var takes = maximum == int.MaxValue ? Phrase.Of($"at least {minimum} arguments")
            : minimum == maximum ? Counts.Arguments(minimum)
            : minimum == 0 && maximum == 1 ? Phrase.Of("at most 1 argument")
            : Phrase.Of($"{minimum} to {maximum} arguments");
        findings.Add(ExpressionDiagnostics.ArgumentCount, call.Span, $"write {function.Signature}", null, function.Name, takes, count);
        return false;
    }

    private List<Operation>? BindArguments(Function function, Node.Call call)
    {
        var arguments = new List<Operation>();
        var isSound = true;
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var parameter = function.ParameterAt(i);
            var argument = BindArgument(function, parameter, WithoutName(parameter, call.Arguments[i]), arguments);
            isSound &= argument is not null;
            arguments.Add(argument ?? Unknown(call.Arguments[i].Span));
        }

        return isSound ? arguments : null;
    }

    // capture(x, /…/, group = 1), as the docs write it: a name at its own place says nothing new. A variable of that name is compared.
    private Node WithoutName(Parameter parameter, Node argument) =>
        argument is Node.Binary { Operator: "==", Left: Node.Variable { Name: var name }, Right: var value }
        && name == parameter.Name && !context.Variables.ContainsKey(name) ? value : argument;

    private Operation? BindArgument(Function function, Parameter parameter, Node node, List<Operation> before)
    {
        if (node is Node.Pattern pattern)
        {
            if (!parameter.TakesPattern)
            {
                findings.Add(ExpressionDiagnostics.RegexMisplaced, node.Span, parameter.Type == ParameterType.TextOrList ? "write matches(x, /…/)" : null);
                return null;
            }

            return PatternReader.Read(pattern, findings) is { } read ? new PatternOperation(node.Span, read) : null;
        }

        if (parameter.Type == ParameterType.Condition)
        {
            _its.Push(before[0].Shape is Shape.ListShape list ? list.Element : Shape.Any);
        }

        var argument = Bind(node);
        if (parameter.Type == ParameterType.Condition)
        {
            _its.Pop();
        }

        var isPatternMissing = parameter.Type == ParameterType.Pattern;
        if (!isPatternMissing && parameter.Takes(argument.Shape))
        {
            return argument;
        }

        findings.Add(ExpressionDiagnostics.ArgumentType, argument.Span, ArgumentHint(function, parameter, argument), null,
            function.Name, parameter.Words, parameter.Name, ShapeWords.Of(argument.Shape));
        return null;
    }

    private Phrase? ArgumentHint(Function function, Parameter parameter, Operation argument)
    {
        var written = findings.TextOf(argument.Span);
        return (parameter.Type, argument.Shape) switch
        {
            (ParameterType.Pattern, _) when argument is Constant { Value: { Kind: ValueKind.Text, Text: ['/', .., '/'] or ['/', .., '/', 'i'] } } quoted => Phrase.Of($"write {quoted.Value.Text} without quotes"),
            (ParameterType.Pattern, _) when argument is Constant { Value.Kind: ValueKind.Text } text => Phrase.Of($"write /{text.Value.Text.Replace("/", @"\/", StringComparison.Ordinal)}/"),
            (ParameterType.Pattern, _) => Phrase.Of("a regular expression is written /…/; texts of events are looked for with contains"),
            (ParameterType.Condition or ParameterType.Boolean, Shape.TextShape or Shape.ListShape) => Phrase.Of($"write has({written})"),
            (ParameterType.List, Shape.TextShape) when function.Name is "count" => Phrase.Of($"write length({written})"),
            (ParameterType.User, Shape.TextShape) => Phrase.Of("write mention(user)"),
            (ParameterType.User, Shape.ObjectShape { Name: "note" }) => Phrase.Of($"write {written}.user"),
            (ParameterType.Text or ParameterType.TextOrList or ParameterType.TextOrPattern, Shape.ObjectShape { Name: "note" }) => Phrase.Of($"write {written}.said"),
            (ParameterType.Text or ParameterType.TextOrList or ParameterType.TextOrPattern, Shape.ObjectShape { Name: "user" }) => Phrase.Of($"write {written}.username"),
            (ParameterType.Text, Shape.NumberShape) when argument is Constant => Phrase.Of($"write '{written}'"),
            (ParameterType.Time, Shape.ObjectShape { IsEntity: true }) => Phrase.Of($"write {written}.createdAt"),
            (ParameterType.Number, Shape.TextShape) => Phrase.Of($"write number({written})"),
            _ => null,
        };
    }

    private void WarnOfMention(Function function, List<Operation> arguments, Node.Call call)
    {
        var isAnchored = function.Name is "matches" or "capture" ? arguments[1] is PatternOperation { Pattern.Text: ['^', ..] }
            : function.Name is "startsWith" && arguments[1..].TrueForAll(argument => argument is Constant { Value: { Kind: ValueKind.Text, Text: [not ('@' or '＠'), ..] } });
        if (isAnchored && context.EventTypes.Contains("mention", StringComparer.Ordinal)
            && call.Arguments[0] is Node.Member { Name: "text", Target: Node.Variable { Name: "note" } } text)
        {
            findings.Add(ExpressionDiagnostics.BeginsWithMention, text.Span, "write note.said: the text without leading mentions", null, function.Name is "startsWith" ? "startsWith" : "^");
        }
    }
}
