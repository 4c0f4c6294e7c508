using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Yaml;

// Faults inside of { … } and [ … ], and where a value begins with a sign that YAML keeps for itself.
internal sealed partial class YamlFault
{
    private Diagnostic? HoleInFlow()
    {
        if (openBracket is null)
        {
            return null;
        }

        var at = Math.Min(mark.Start, _text.Length - 1);
        var hole = _text.LastIndexOf("${", Math.Max(at, 0), StringComparison.Ordinal);
        return hole >= openBracket && LineStart(hole) == LineStart(at)
            ? YamlDiagnostics.HoleInFlow.At(source, new(hole, HoleEnd(hole))) with { Hint = "quote it: '${…}', or use block form" }
            : null;
    }

    private Diagnostic? UnclosedBracket()
    {
        if (openBracket is not { } bracket || bracket >= _text.Length)
        {
            return null;
        }

        var line = _text[bracket..Math.Max(LineEnd(bracket), bracket)];
        if (FullWidthInFlow().Match(line) is { Success: true } wide)
        {
            return FullWidthMark.AtSign(source, bracket + wide.Groups["sign"].Index);
        }

        if (TernaryInFlow().Match(line) is { Success: true } ternary)
        {
            var colon = bracket + ternary.Groups["colon"].Index;
            return YamlDiagnostics.ColonInText.At(source, new(colon, colon + 1)) with
            {
                Hint = $"write if({Excerpt.Of(ternary.Groups["a"].Value)}, {Excerpt.Of(ternary.Groups["b"].Value)}, {Excerpt.Of(ternary.Groups["c"].Value)}), and quote the whole",
            };
        }

        return YamlDiagnostics.Unclosed.At(source, new(bracket, bracket + 1), Phrase.Of(_text[bracket] == '{' ? "brace" : "bracket")) with
        {
            Hint = _text[bracket] == '{' ? "close it with }, or quote the text" : "close it with ], or quote the text",
        };
    }

    // 'when: !contains(a, b)' is a tag that ends at the comma.
    private Diagnostic? CallBehindTag()
    {
        var line = LineStart(mark.Start);
        var start = _text.LastIndexOf('!', Math.Clamp(mark.Start, 0, Math.Max(_text.Length - 1, 0)));
        if (start < line)
        {
            return null;
        }

        var rest = _text[start..Math.Max(LineEnd(start), start)].TrimEnd();
        var key = KeyAndValue().Match(Line(line)).Groups["key"].Value;
        return YamlDiagnostics.Tag.At(source, new(start, start + rest.Length), Excerpt.Of(rest)) with
        {
            Hint = YamlReader.TakesExpression(key)
                ? Phrase.Of($"write 'not {Excerpt.Of(rest[1..].TrimStart())}'")
                : Phrase.Of($"quote the text: '{Excerpt.Of(rest.Replace("'", "''", StringComparison.Ordinal))}'"),
        };
    }

    // '? what' begins a mapping whose key is a mapping, which nobody means.
    private bool IsQuestion() =>
        mark.Start + 1 < _text.Length && _text[mark.Start] == '?' && _text[mark.Start + 1] == ' ' && !string.IsNullOrWhiteSpace(_text[LineStart(mark.Start)..mark.Start]);

    [GeneratedRegex(@"(?<sign>[｝］])[ ]*$|(?<sign>[，、])[ ]*[\w-]+:[ ]", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex FullWidthInFlow();

    [GeneratedRegex(@"[:,{\[][ ]+(?<a>[^?:,{}\[\]]+?)[ ]\?[ ](?<b>[^:?{}]+?)[ ](?<colon>:)[ ](?<c>[^{}]+?)[ ]*[,}\]]", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex TernaryInFlow();

    [GeneratedRegex(@"\$\{[ ]*(?<a>[^?{}]+?)[ ]\?[ ](?<b>[^:{}]+?)[ ]:[ ](?<c>[^{}]+?)[ ]*\}", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex TernaryInHole();
}
