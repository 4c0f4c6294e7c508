using System.Buffers;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Finds what is meant as a hole and is none: <c>{{ user.name }}</c>, <c>$(user.name)</c>, <c>＄{user.name}</c>, <c>{user.name}</c>.
/// Braces that name nothing of the rule's events are text: faces, JSON, formulas, MFM.
/// </summary>
internal static partial class ForeignHoles
{
    private const string Example = "user.name";
    private static readonly SearchValues<char> NotOurs = SearchValues.Create("$[]{}\r\n");

    /// <summary>The places in a text without holes of its own, each with its form and what to write instead.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variables">What a hole may name here.</param>
    public static IEnumerable<(TextSpan Span, string Form, Phrase Hint)> Find(string text, IReadOnlyDictionary<string, Shape> variables)
    {
        if (text.AsSpan().IndexOfAny("{｛$＄") < 0)
        {
            yield break;
        }

        foreach (Match match in Candidate().Matches(text))
        {
            var span = new TextSpan(match.Index, match.Index + match.Length);
            var inner = FullWidth.Narrow(match.Groups["inner"].Value).Trim();
            if (match.Groups["block"].Success)
            {
                yield return (span, "{% … %}", "there are no blocks: write ${if(condition, 'a', 'b')}");
            }
            else if (match.Groups["double"].Success)
            {
                inner = inner.Trim('-', ' ');
                if (Begins().IsMatch(inner))
                {
                    yield return (span, "{{ … }}", Write(inner));
                }
            }
            else if (match.Groups["wide"].Success)
            {
                yield return (span, $"{match.Value[..2]}…{match.Value[^1]}", Write(inner));
            }
            else if (!IsPartOfMore(text, match) && Root().Match(inner) is { Success: true } root && variables.ContainsKey(root.Groups["name"].Value))
            {
                yield return (span, Form(match), Write(inner));
            }
        }
    }

    // $${user.name} is how a rule writes ${user.name}, US$user.name is no hole, and x_{user} stands in a formula.
    private static bool IsPartOfMore(string text, Match match) => match.Index > 0 && text[match.Index - 1] switch
    {
        '$' => true,
        '_' or '^' or '\\' => !match.Value.Contains('.', StringComparison.Ordinal),
        var before => match.Groups["bare"].Success && char.IsLetterOrDigit(before),
    };

    private static string Form(Match match) =>
        match.Groups["bare"].Success ? "$…" : match.Groups["round"].Success ? "$(…)" : $"{match.Value[0]}…{match.Value[^1]}";

    // What n8n puts before the body's own names is not part of them; what else other languages write is not ours to translate.
    private static Phrase Write(string inner)
    {
        var path = inner.StartsWith("$json.body.", StringComparison.Ordinal) ? inner["$json.body.".Length..]
            : inner.StartsWith("$json.", StringComparison.Ordinal) ? inner["$json.".Length..] : inner;
        return $"this engine writes ${{{(path.Length is 0 or > 60 || path == "user" || path.AsSpan().ContainsAny(NotOurs) ? Example : path)}}}";
    }

    [GeneratedRegex(
        @"(?<block>\{%-?[ ]*(if|elif|else|endif|for|endfor|set)[ %-][^%]*%?\})"
        + @"|(?<double>\{\{)(?<inner>[^{}]*)(\}\}?|\z)"
        + @"|(?<wide>＄[{｛]|\$｛)(?<inner>[^{}｛｝]*)[}｝]"
        + @"|(?<round>\$\()(?<inner>[^()]+(\([^()]*\))?)\)"
        + @"|[{｛]\s*(?<inner>[\p{L}_]\w*([.．]\w+)+)\s*[}｝]|\{(?<inner>user)\}"
        + @"|(?<bare>\$)(?<inner>[A-Za-z]\w*(\.\w+)+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Candidate();

    [GeneratedRegex(@"^(\w+\()?(?<name>\w+)(\z|[.\[ ),])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Root();

    [GeneratedRegex(@"^[\p{L}_$""']", RegexOptions.NonBacktracking)]
    private static partial Regex Begins();
}
