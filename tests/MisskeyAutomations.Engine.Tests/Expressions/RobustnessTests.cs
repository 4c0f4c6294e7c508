using System.Globalization;
using CsCheck;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

public sealed class RobustnessTests
{
    private static readonly string[] Soup =
    [
        "user", ".", "isBot", "note", "text", "said", "files", "lists", "friends", "it", "x", "nothing", "stranger", "description",
        "and", "or", "not", "in", "not in", "&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "?", ":", "(", ")",
        "[", "]", ",", "0", "1", "2.5", "7d", "'a'", "\"b\"", "''", "/a/i", "/(/", "true", "false", "null", "has(", "contains(", "matches(",
        "if(", "coalesce(", "count(", "first(", "any(", "age(", "random(", "choose(", "split(", "join(", "mention(", "link(", "state(", "during(",
        "note.said", "user.isBot", "x.number", "x.list", "lists.friends", "'", "\"", "$", "{", "}", "&", "|", "??", "=>", "👍", "　", "（", "\n", "\u0000", "\uD800", "5min",
    ];

    [Fact]
    public void Any_soup_of_words_and_signs_has_a_value_or_a_diagnostic() =>
        OneOf(Soup).Array[1, 24].Select(words => string.Join(" ", words)).Sample(text =>
        {
            var bag = new DiagnosticBag();
            var compiled = ExpressionCompiler.Compile(SourceSlice.Of(text), SomeScope.Context, bag);
            if (compiled is null)
            {
                return bag.HasErrors && bag.Items.All(found => found.Message.Length > 0 && found.Span.Start >= 0 && found.Span.End <= text.Length);
            }

            var value = compiled.Evaluate(SomeScope.Make());
            return !bag.HasErrors && compiled.Describe(SomeScope.Make()).Length is > 0 and <= 260 && (value.Kind != ValueKind.Error || value.Reason.Length > 0);
        }, iter: 20_000);

    [Fact]
    public void Any_text_is_a_template_or_has_a_diagnostic() =>
        OneOf([.. Soup, "${", "}", "$${", "@${", "{{", "#", "@"]).Array[0, 16].Select(words => string.Concat(words)).Sample(text =>
        {
            var bag = new DiagnosticBag();
            var template = ExpressionCompiler.CompileTemplate(SourceSlice.Of(text), SomeScope.Context, bag);
            return template is null ? bag.HasErrors : !bag.HasErrors && Neutralizer.Neutralize(template.Render(SomeScope.Make()).MarkedText) is not null;
        }, iter: 20_000);

    public static TheoryData<string, string> Monsters => new()
    {
        { "1,000 nested parentheses", new string('(', 1000) + "1" + new string(')', 1000) },
        { "900 nested parentheses", new string('(', 900) + "1" + new string(')', 900) },
        { "20,000 or", string.Join(" or ", Enumerable.Repeat("true", 20_000)) },
        { "600 or", string.Concat(Enumerable.Repeat("a||", 600)) + "a" },
        { "900 not", string.Concat(Enumerable.Repeat("!", 900)) + "true" },
        { "900 minus", new string('-', 900) + "1" },
        { "nested calls", string.Concat(Enumerable.Repeat("has(", 400)) + "1" + new string(')', 400) },
        { "nested brackets", string.Concat(Enumerable.Repeat("[a", 400)) },
        { "nested conditionals", string.Concat(Enumerable.Repeat("true?", 300)) },
        { "and-ed emoji", string.Join(" and ", Enumerable.Repeat("👍", 200)) },
        { "300 unclosed quotes", string.Concat(Enumerable.Repeat("' \"", 150)) + "'" },
        { "a long path", "user" + string.Concat(Enumerable.Repeat(".name", 390)) },
        { "2,000 commas", new string(',', 2000) },
        { "one long text", "'" + new string('a', 1_000_000) + "'" },
        { "one long name", new string('a', 1_999) },
        { "one long number", new string('9', 1_999) },
        { "NUL", new string('\0', 500) },
        { "half pairs", new string('\uD83D', 500) },
    };

    [Theory]
    [MemberData(nameof(Monsters))]
    public void Monster_is_refused_at_once(string name, string expression)
    {
        var bag = new DiagnosticBag();
        CompiledExpression? compiled = null;

        var took = ThreadClock.Time(() => compiled = ExpressionCompiler.Compile(SourceSlice.Of(expression), SomeScope.Context, bag));

        Assert.True(took < TimeSpan.FromSeconds(1), $"{name}: {took}");
        Assert.Null(compiled);
        Assert.True(bag.HasErrors, name);
    }

    [Fact]
    public void Longest_chain_that_is_allowed_is_read_and_decided_on_a_small_stack()
    {
        var chain = string.Join("||", Enumerable.Repeat("null", 255));
        var sum = string.Join("+", Enumerable.Repeat("1", 256));
        var nested = new string('(', 32) + "1" + new string(')', 32);
        var results = new List<Value>();
        var thread = new Thread(() =>
        {
            foreach (var text in new[] { chain, sum, nested })
            {
                results.Add(ExpressionCompiler.Compile(SourceSlice.Of(text), SomeScope.Context, new DiagnosticBag())?.Evaluate(SomeScope.Make()) ?? Value.Null);
            }
        }, maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal([Value.False, Value.Of(256), Value.Of(1)], results);
    }

    [Theory]
    [InlineData("any(split(x.text, ''), any(split(x.text, ''), any(split(x.text, ''), it == 'b')))", "it looks at more than 100,000 entries")]
    [InlineData("count(split(x.text, ''), true) + count(split(x.text, ''), true)", null)]
    public void Searches_within_searches_come_to_an_end(string expression, string? error)
    {
        var bag = new DiagnosticBag();
        var scope = SomeScope.Make();
        scope["x"] = Value.From(System.Text.Json.JsonElement.Parse($$"""{"text":"{{string.Join(' ', Enumerable.Repeat('a', 1_400))}}"}"""), ValueMarks.None);

        var value = ExpressionCompiler.Compile(SourceSlice.Of(expression.Replace("''", "' '", StringComparison.Ordinal)), SomeScope.Context, bag)!.Evaluate(scope);

        Assert.Equal(error, value.Kind == ValueKind.Error ? value.Reason : null);
    }

    public static TheoryData<string> Cultures => [.. SomeCultures.All];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Culture_changes_nothing(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            foreach (var (file, ask) in ExpressionCaseTests.Files)
            {
                foreach (var (line, expression, expected) in ExpressionCaseTests.Read(file))
                {
                    Assert.True(ask(expression) == expected, $"{culture}: {file}.cases:{line}: {ask(expression)}");
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Cultures_of_these_tests_are_real()
    {
        Assert.Equal("İ", "i".ToUpper(CultureInfo.GetCultureInfo("tr-TR")));
        Assert.Equal("1,5", 1.5.ToString(CultureInfo.GetCultureInfo("de-DE")));
        Assert.Equal(2569, CultureInfo.GetCultureInfo("th-TH").Calendar.GetYear(new DateTime(2026, 1, 31)));
    }

    [Fact]
    public void One_compiled_expression_serves_many_threads()
    {
        var compiled = ExpressionCompiler.Compile(SourceSlice.Of(
            "contains(note.said, 'ping', lists.words) and any(note.files, it.size > 2000 and matches(it.type, /^video/)) and user.followersCount > n"), With("n"), new DiagnosticBag())!;
        var shared = SomeScope.Make()["note"];
        var wrong = 0;

        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var scope = SomeScope.Make();
                scope["note"] = shared;
                scope["n"] = Value.Of((i + worker) % 24);
                if (compiled.Evaluate(scope).IsTrue != ((i + worker) % 24 < 12))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.Equal(0, wrong);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static ExpressionContext With(string name) => SomeScope.Context with
    {
        Variables = new Dictionary<string, Engine.Events.Shape>(SomeScope.Context.Variables, StringComparer.Ordinal) { [name] = Engine.Events.Shape.Number },
    };
}
