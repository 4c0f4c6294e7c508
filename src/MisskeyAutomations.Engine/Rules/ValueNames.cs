using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>The names that rules give: to values by <c>let</c>, to answers by <c>as</c>, to entries of lists by <c>for-each</c>.</summary>
internal static partial class ValueNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "lists", "state", "secret", "error", "it", "true", "false", "null", "and", "or", "not", "in", "if", "has",
    };

    /// <summary>Whether a name is written as names are, whether or not it is free.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>Whether a name can be given; reports why not.</summary>
    /// <param name="reading">Is told of errors.</param>
    /// <param name="name">The name.</param>
    /// <param name="owner">What is to be called so, such as <c>an answer</c>.</param>
    /// <param name="context">Knows the names that are taken.</param>
    public static bool IsUsable(Reading reading, SourceSlice name, Phrase owner, ExpressionContext context)
    {
        if (!IsValid(name.Text))
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), owner) with { Hint = "letters, digits and _" });
            return false;
        }

        if (Reserved.Contains(name.Text) || context.Variables.ContainsKey(name.Text))
        {
            reading.Report(RuleDiagnostics.NameTaken.At(name, name.Text) with { Hint = "choose another name" });
            return false;
        }

        return true;
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{M}\p{N}_]{0,99}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Pattern();
}
