using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Expressions.Functions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>
/// Whether the cases would notice: each function, each of its arguments that may be left out, and each operator is put out of order in
/// the expressions of the case files, and at least one of them must give another value.
/// </summary>
public sealed partial class CasesNoticeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly (string Text, string Expected, Func<string, string> Ask)[] Cases =
    [
        .. ExpressionCaseTests.Files.Where(file => file.File is not ("formats" or "errors"))
            .SelectMany(file => ExpressionCaseTests.Read(file.File).Select(row => (row.Expression, row.Expected, file.Ask)))
            .Where(one => IsValue(one.Expected)),
    ];

    public static TheoryData<string> Functions => [.. FunctionTable.All.Select(function => function.Name)];

    /// <summary>Every operator with one that could be mistaken for it; those that are other spellings among them.</summary>
    public static TheoryData<string, string> Operators => new()
    {
        { "and", "or" }, { "or", "and" }, { "&&", "||" }, { "||", "&&" },
        { "==", "!=" }, { "!=", "==" }, { "=", "!=" },
        { "<", "<=" }, { "<=", "<" }, { ">", ">=" }, { ">=", ">" }, { "<", ">" }, { ">", "<" },
        { "+", "-" }, { "-", "+" }, { "*", "/" }, { "/", "*" }, { "%", "/" },
        { "in", "not in" }, { "not in", "in" },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_that_gives_its_first_argument_back_or_always_the_same_is_noticed(string name)
    {
        var results = Cases.Where(one => CallsOf(one.Text, name).Any()).Select(one => one.Expected).Distinct(StringComparer.Ordinal).Count();

        Assert.True(results >= 2, $"the cases of {name} all give the same");
        Assert.True(IsNoticed(name, arguments => arguments.Count == 0 ? "null" : $"({arguments[0]})"), $"no case of {name} notices when it does nothing");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void An_argument_that_is_not_looked_at_is_noticed(string name)
    {
        foreach (var (index, parameter) in FunctionTable.All.Single(function => function.Name == name).Parameters.Index().Where(entry => MayBeLeftOut(entry.Item)))
        {
            // Of those that take all further arguments, the first cannot be left out.
            var last = parameter.IsRest ? index + 1 : index;
            Assert.True(
                IsNoticed(name, arguments => arguments.Count == last + 1 || (parameter.IsRest && arguments.Count > last) ? $"{name}({string.Join(", ", arguments.SkipLast(1))})" : null),
                $"no case of {name} notices when its '{parameter.Name}' is not looked at");
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_that_is_taken_for_another_is_noticed(string written, string mistaken) => Assert.Contains(Cases, one =>
    {
        var at = $" {one.Text}".IndexOf($" {written} ", StringComparison.Ordinal);
        return at >= 0 && (written != "in" || !one.Text[..at].EndsWith("not", StringComparison.Ordinal))
            && Differs(one, $" {one.Text}".Remove(at, written.Length + 2).Insert(at, $" {mistaken} ").Trim());
    });

    [Theory]
    [InlineData(@"\bnot (?!in\b)", "")]
    [InlineData(@"!(?!=)", "")]
    [InlineData(@"^-(?=[a-z0-9(])", "")]
    [InlineData(@" \? ([^:?]+) : ([^:?]+)$", " ? $2 : $1")]
    public void A_sign_that_is_not_looked_at_is_noticed(string sign, string instead) =>
        Assert.Contains(Cases, one => Regex.IsMatch(one.Text, sign, RegexOptions.None, Patience) && Differs(one, Regex.Replace(one.Text, sign, instead, RegexOptions.None, Patience)));

    private static bool MayBeLeftOut(Parameter parameter) => parameter.Default is not null || parameter.IsOptional || parameter.IsRest;

    private static bool IsNoticed(string name, Func<IReadOnlyList<string>, string?> instead) => Cases.Any(one =>
        CallsOf(one.Text, name).Any(call => instead(call.Arguments) is { } broken && Differs(one, one.Text[..call.Start] + broken + one.Text[call.End..])));

    // What does not even load says nothing about the value.
    private static bool Differs((string Text, string Expected, Func<string, string> Ask) one, string broken) =>
        one.Ask(broken) is var value && value != one.Expected && IsValue(value);

    private static bool IsValue(string told) => !told.StartsWith("MKA", StringComparison.Ordinal);

    private static IEnumerable<(int Start, int End, IReadOnlyList<string> Arguments)> CallsOf(string text, string name)
    {
        foreach (var start in Names().Matches(text).Where(match => match.Groups["name"].Value == name).Select(match => match.Index))
        {
            var (arguments, from, depth) = (new List<string>(), start + name.Length + 1, 1);
            var end = from;
            while (end < text.Length && depth > 0)
            {
                var literal = Literals().Match(text, end);
                if (literal.Success && literal.Index == end)
                {
                    end += literal.Length;
                    continue;
                }

                depth += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
                if (depth == 0 || (depth == 1 && text[end] == ','))
                {
                    arguments.Add(text[from..end].Trim());
                    from = end + 1;
                }

                end++;
            }

            yield return (start, end, arguments is [""] ? [] : arguments);
        }
    }

    [GeneratedRegex(@"(?<![\w.'""])(?<name>[a-zA-Z]+)(?=\()", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Names();

    // Texts, and regular expressions where an argument begins.
    [GeneratedRegex(@"'[^']*'|""[^""]*""|(?<=[(,] ?)/(\\.|[^/\\])+/i?", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Literals();
}
