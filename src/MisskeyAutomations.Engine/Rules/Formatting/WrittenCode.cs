using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>Finds the values of rules that are expressions, or texts with expressions in them, and says how they are written.</summary>
internal sealed partial class WrittenCode
{
    private readonly Dictionary<string, ActionDescriptor> _actions;
    private readonly Dictionary<SourceNode, string> _texts = new(ReferenceEqualityComparer.Instance);

    private WrittenCode(IReadOnlyList<ActionDescriptor> actions)
    {
        _actions = actions.ToDictionary(action => action.Name, StringComparer.Ordinal);
    }

    /// <summary>What the values of a document say when their expressions are written as everybody would; only those that change.</summary>
    public static IReadOnlyDictionary<SourceNode, string> Of(SourceNode document, IReadOnlyList<ActionDescriptor> actions)
    {
        var code = new WrittenCode(actions);
        foreach (var rule in ((document as SourceNode.Mapping)?.Find("rules")?.Value.OneOrMany ?? []).OfType<SourceNode.Mapping>())
        {
            code.ReadRule(rule);
        }

        return code._texts;
    }

    private void ReadRule(SourceNode.Mapping rule)
    {
        foreach (var (key, value) in rule.Entries)
        {
            switch (key.Text)
            {
                case "when":
                    ReadCondition(value);
                    break;
                case "let" when value is SourceNode.Mapping named:
                    ReadAll(named.Entries.Select(entry => entry.Value), ExpressionFormatter.Format);
                    break;
                case "limit":
                    ReadLimits(value);
                    break;
                case "do" or "else" or "on-error":
                    ReadSteps(value);
                    break;
            }
        }
    }

    private void ReadCondition(SourceNode node)
    {
        foreach (var entry in node.OneOrMany)
        {
            if (entry is SourceNode.Mapping tree)
            {
                foreach (var branch in tree.Entries)
                {
                    ReadCondition(branch.Value);
                }
            }
            else
            {
                Keep(entry, ExpressionFormatter.Format);
            }
        }
    }

    private void ReadLimits(SourceNode node)
    {
        foreach (var limit in node.OneOrMany)
        {
            if (limit is not SourceNode.Mapping mapping)
            {
                Keep(limit, FormatInParentheses);
                continue;
            }

            if (mapping.Find("per") is { } per)
            {
                Keep(per.Value, FormatInParentheses);
            }

            if (mapping.Find("over") is { } over)
            {
                ReadSteps(over.Value);
            }
        }
    }

    private void ReadSteps(SourceNode node)
    {
        foreach (var step in node.OneOrMany.OfType<SourceNode.Mapping>())
        {
            if (step.Entries.Select(entry => _actions.GetValueOrDefault(entry.Name)).FirstOrDefault(row => row is not null) is { } action)
            {
                ReadCall(action, step);
            }
            else
            {
                ReadFlow(step);
            }
        }
    }

    private void ReadFlow(SourceNode.Mapping step)
    {
        foreach (var (key, value) in step.Entries)
        {
            switch (key.Text)
            {
                case "if":
                    ReadCondition(value);
                    break;
                case "for-each":
                    Keep(value, FormatLoop);
                    break;
                case "then" or "else" or "do":
                    ReadSteps(value);
                    break;
                case "set":
                    ReadJson(value);
                    break;
                case "wait" or "wait-until":
                    Keep(value, TemplateFormatter.Format);
                    break;
            }
        }
    }

    private void ReadCall(ActionDescriptor action, SourceNode.Mapping step)
    {
        foreach (var (key, value) in step.Entries)
        {
            var type = key.Text == action.Name ? action.Main : action.Options.FirstOrDefault(option => option.Name == key.Text)?.Type;
            switch (type)
            {
                case ParameterType.User or ParameterType.Note or ParameterType.Users or ParameterType.Files:
                    ReadAll(value.OneOrMany, text => text.Text.StartsWith('@') ? text.Text : ExpressionFormatter.Format(text));
                    break;
                case ParameterType.Text or ParameterType.Reaction or ParameterType.Address or ParameterType.Json or ParameterType.Headers or ParameterType.Poll:
                    ReadJson(value);
                    break;
            }
        }
    }

    private void ReadJson(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Mapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    ReadJson(entry.Value);
                }

                break;
            case SourceNode.Sequence list:
                foreach (var entry in list.Entries)
                {
                    ReadJson(entry);
                }

                break;
            default:
                Keep(node, TemplateFormatter.Format);
                break;
        }
    }

    private void ReadAll(IEnumerable<SourceNode> nodes, Func<SourceSlice, string?> format)
    {
        foreach (var node in nodes)
        {
            Keep(node, format);
        }
    }

    private void Keep(SourceNode node, Func<SourceSlice, string?> format)
    {
        if (node is SourceNode.Scalar { IsNull: false } scalar && format(scalar.Value) is { } text && text != scalar.Text)
        {
            _texts[scalar] = text;
        }
    }

    private static string? FormatLoop(SourceSlice slice) =>
        StepReader.LoopHead().Match(slice.Text) is { Success: true } head && Formatted(slice, head.Groups["list"]) is { } list ? $"{head.Groups["name"].Value} in {list}" : null;

    private static string? FormatInParentheses(SourceSlice slice) =>
        Parentheses().Match(slice.Text).Groups["inner"] is { Success: true } inner && Formatted(slice, inner) is { } key
            ? $"{slice.Text[..inner.Index]}{key}{slice.Text[(inner.Index + inner.Length)..]}" : null;

    private static string? Formatted(SourceSlice slice, Group part) => ExpressionFormatter.Format(slice.Part(part.Index, part.Length));

    [GeneratedRegex(@"^([^(]* per +)?\((?<inner>.*)\)( +per +[^\s()]+)?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Parentheses();
}
