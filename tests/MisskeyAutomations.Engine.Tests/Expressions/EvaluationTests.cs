using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Expressions.Functions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

public sealed class EvaluationTests
{
    [Theory]
    [InlineData("hidden.text")]
    [InlineData("hidden.said")]
    [InlineData("hidden.files")]
    [InlineData("count(hidden.files)")]
    [InlineData("hidden.user.description")]
    [InlineData("hidden.cw")]
    [InlineData("contains(hidden.text, 'secret')")]
    [InlineData("matches(hidden.text, /secret/)")]
    [InlineData("capture(hidden.text, /(secret)/)")]
    [InlineData("length(hidden.text)")]
    [InlineData("length(hidden.text) + 1")]
    [InlineData("'x' + hidden.text")]
    [InlineData("upper(hidden.text)")]
    [InlineData("replace('a', 'a', hidden.text)")]
    [InlineData("split(hidden.text, ' ')")]
    [InlineData("split(hidden.text, ' ')[0]")]
    [InlineData("first(split(hidden.text, ' '))")]
    [InlineData("join((hidden.text, 'a'), ' ')")]
    [InlineData("(hidden.text, 'a')[0]")]
    [InlineData("if(contains(hidden.text, 'secret'), 'a', 'b')")]
    [InlineData("contains(hidden.text, 'secret') ? 1 : 2")]
    [InlineData("coalesce(hidden.cw, 'a')")]
    [InlineData("hidden.text == 'a'")]
    [InlineData("hidden.text < 'a'")]
    [InlineData("hidden.text in ('a', 'b')")]
    [InlineData("not (hidden.text == 'a')")]
    [InlineData("hidden.text == 'a' or true")]
    [InlineData("any(('a', 'b'), it == hidden.text)")]
    [InlineData("choose(hidden.text, 'a')")]
    [InlineData("pick(hidden.text, ('a', 'b'))")]
    [InlineData("plain(hidden.text)")]
    [InlineData("raw(hidden.text)")]
    [InlineData("link('https://x.example', hidden.text)")]
    [InlineData("mention(hidden.user)")]
    [InlineData("-length(hidden.text)")]
    [InlineData("number(hidden.text)")]
    public void What_is_made_from_a_note_that_is_not_public_is_private(string expression) =>
        Assert.True(Evaluate(expression).Marks.HasFlag(ValueMarks.Private));

    [Theory]
    [InlineData("user.name")]
    [InlineData("true or hidden.text == 'a'")]
    [InlineData("if(true, 'a', hidden.text)")]
    [InlineData("'a' + 'b'")]
    public void What_is_not_is_not(string expression) => Assert.False(Evaluate(expression).Marks.HasFlag(ValueMarks.Private));

    [Fact]
    public void Private_mark_survives_a_template()
    {
        var template = ExpressionCompiler.CompileTemplate(SourceSlice.Of("a ${hidden.text}"), SomeScope.Context, new DiagnosticBag())!;

        Assert.True(template.Render(SomeScope.Make()).Marks.HasFlag(ValueMarks.Private));
    }

    [Theory]
    [InlineData("user.isBot", "user.isBot = false")]
    [InlineData("not user.isBot", "user.isBot = false")]
    [InlineData("contains(note.said, 'pong')", "contains(note.said, 'pong') = false (note.said = 'Hello, ＷＯＲＬＤ! カタカナ ping 👍')")]
    [InlineData("user.isCat and user.isBot and user.isLocal", "user.isBot = false")]
    [InlineData("user.isBot or user.isCat or user.isLocal", "user.isCat = true")]
    [InlineData("user.isCat and not user.isBot", "user.isCat = true, user.isBot = false")]
    [InlineData("user.isBot or user.followersCount > 100", "user.isBot = false, user.followersCount > 100 = false (user.followersCount = 12)")]
    [InlineData("user.isCat and stranger.isLocked", "stranger.isLocked = not looked up yet")]
    [InlineData("any(note.files, it.size > 9999)", "any(note.files, it.size > 9999) = false (note.files = [2 entries])")]
    [InlineData("1 / 0 == 1", "1 / 0 == 1 = division by zero")]
    [InlineData("user == null", "user == null = false (user = {…})")]
    [InlineData("'a'  ==\n'b'", "'a'  == 'b' = false")]
    public void Explanation_shows_what_decided_and_what_it_saw(string expression, string line)
    {
        var compiled = ExpressionCompiler.CompileCondition(SourceSlice.Of(expression), SomeScope.Context, new DiagnosticBag())!;

        Assert.Equal(line, compiled.Describe(SomeScope.Make()));
    }

    [Fact]
    public void Explanation_cuts_long_values_between_characters()
    {
        var scope = SomeScope.Make();
        scope["evil"] = Value.Of(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 50)));
        var line = Compile("evil == 'a'").Describe(scope);

        Assert.Equal($"evil == 'a' = false (evil = '{string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 5))}…')", line);
    }

    [Fact]
    public void Dice_repeat_themselves_by_seed_and_differ_by_place_and_order()
    {
        var context = SomeScope.Context;
        var other = context with { Place = "do[0]" };
        const string Dice = "random(1, 1000000)";

        Assert.Equal(Evaluate(Dice), Evaluate(Dice));
        Assert.NotEqual(Evaluate(Dice), Compile(Dice).Evaluate(SomeScope.Make(seed: 2)));
        Assert.NotEqual(Evaluate(Dice), Compile(Dice, other).Evaluate(SomeScope.Make()));
        Assert.True(Evaluate($"{Dice} != {Dice}").IsTrue);
        Assert.True(Evaluate("count((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), chance(0.5)) not in (0, 16)").IsTrue);
    }

    [Fact]
    public void Dice_are_fair()
    {
        var six = Compile("random(1, 6)");
        var half = Compile("chance(0.5)");
        var faces = new int[7];
        var heads = 0;
        for (ulong seed = 0; seed < 6_000; seed++)
        {
            var scope = SomeScope.Make(seed: seed);
            faces[(int)six.Evaluate(scope).Number]++;
            heads += half.Evaluate(scope).IsTrue ? 1 : 0;
        }

        Assert.All(faces.Skip(1), count => Assert.InRange(count, 850, 1150));
        Assert.InRange(heads, 2850, 3150);
    }

    [Fact]
    public void Pick_spreads_keys_over_the_list()
    {
        var pick = Compile("pick(evil, ('a', 'b', 'c', 'd'))");
        var counts = Enumerable.Range(0, 4_000).Select(i =>
        {
            var scope = SomeScope.Make();
            scope["evil"] = Value.Of($"u{i}");
            return pick.Evaluate(scope).Text;
        }).CountBy(text => text, StringComparer.Ordinal);

        Assert.All(counts, count => Assert.InRange(count.Value, 850, 1150));
    }

    [Theory]
    [InlineData("UTC", 8, "2026-01-31")]
    [InlineData("Asia/Tokyo", 17, "2026-01-31")]
    [InlineData("America/Los_Angeles", 0, "2026-01-31")]
    [InlineData("Pacific/Honolulu", 22, "2026-01-30")]
    [InlineData("Pacific/Kiritimati", 22, "2026-01-31")]
    public void Hours_and_days_are_those_of_the_time_zone(string zone, int hour, string date)
    {
        Assert.Equal(Value.Of(hour), Compile("hour()").Evaluate(SomeScope.Make(zone)));
        Assert.Equal(date, Compile("date()").Evaluate(SomeScope.Make(zone)).Text);
    }

    [Theory]
    [InlineData("replace(evil, 'a', evil)")]
    [InlineData("evil + evil")]
    [InlineData("join((evil, evil), evil)")]
    [InlineData("evil + evil + evil == ''")]
    public void Text_over_64_KiB_is_an_error(string expression)
    {
        var scope = SomeScope.Make();
        scope["evil"] = Value.Of(new string('a', 40_000));

        Assert.Equal("the text is longer than 64 KiB", Compile(expression).Evaluate(scope).Reason);
    }

    [Fact]
    public void List_over_10_000_entries_is_an_error()
    {
        var scope = SomeScope.Make();
        scope["evil"] = Value.Of(new string(',', 10_001));

        Assert.Equal("the list has more than 10,000 entries", Compile("split(evil, ',')").Evaluate(scope).Reason);
    }

    [Theory]
    [InlineData("matches(evil, /^(a+)+$/)")]
    [InlineData("matches(evil, /(a|aa)+$/)")]
    [InlineData("matches(evil, /(.*)*x/)")]
    [InlineData("matches(evil, /([a-z]+)*=/)")]
    [InlineData("capture(evil, /(a*)*b(c)/, 2)")]
    [InlineData("replace(evil, /(a|b|ab)*c/, '')")]
    [InlineData("matches(evil, /[ab]*a[ab]{60}c/)")]
    public void Evil_pattern_ends_in_time(string expression)
    {
        var compiled = Compile(expression);
        var scope = SomeScope.Make();
        scope["evil"] = Value.Of(string.Concat(Enumerable.Repeat("ab", 30_000)));
        var value = Value.Null;

        var took = ThreadClock.Time(() => value = compiled.Evaluate(scope));

        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");
        Assert.True(value.IsKnown || value.Reason == "the regular expression took more than 100 ms", value.ToString());
    }

    [Fact]
    public void Answer_to_a_look_up_lets_the_expression_finish()
    {
        var compiled = Compile("stranger.followersCount > 3 and not stranger.isFollowing");
        var scope = SomeScope.Make();

        var first = compiled.Evaluate(scope);
        scope.Answer(first.Lookup, SomeScope.Json("""{ "id": "u2", "followersCount": 10 }"""));
        var second = compiled.Evaluate(scope);
        scope.Answer(second.Lookup, SomeScope.Json("""{ "id": "u2", "isFollowing": false }"""));

        Assert.Equal(new Lookup(LookupKind.UserShow, "u2"), first.Lookup);
        Assert.Equal(new Lookup(LookupKind.UserRelation, "u2"), second.Lookup);
        Assert.True(compiled.Evaluate(scope).IsTrue);
    }

    [Fact]
    public void Passing_fault_of_a_look_up_is_never_a_no()
    {
        var scope = SomeScope.Make();
        scope.Answer(new(LookupKind.UserShow, "u2"), Value.Error("the server did not answer"));

        Assert.Equal(ValueKind.Error, Compile("not stranger.isLocked").Evaluate(scope).Kind);
    }

    [Fact]
    public void Computed_fields_of_maps_without_JSON_are_computed_too()
    {
        var scope = SomeScope.Make();
        scope["user"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal)
        {
            ["username"] = Value.Of("alice"),
            ["host"] = Value.Of("remote.example"),
        }));

        Assert.Equal("alice@remote.example", Compile("user.acct").Evaluate(scope).Text);
    }

    [Fact]
    public void Decomposed_and_composed_letters_are_different_texts_but_contain_each_other()
    {
        Assert.False(Evaluate("'\u00E4' == 'a\u0308'").IsTrue);
        Assert.True(Evaluate("contains('\u00E4', 'a\u0308')").IsTrue);
    }

    [Fact]
    public void State_keys_can_be_read_back()
    {
        Assert.Equal(("a:b", "user"), StateKey.Read(StateKey.Of("a:b", "user")));
        Assert.Equal(("user:x", (string?)null), StateKey.Read(StateKey.Of("user:x", null)));
        Assert.NotEqual(StateKey.Of("user:x", null), StateKey.Of("x", "user"));
    }

    [Fact]
    public void Every_function_has_a_case_a_signature_and_a_doc_line()
    {
        var cases = string.Join("\n", CaseFile.Read("MisskeyAutomations.Engine.Tests.Expressions.Cases.functions.cases").Select(row => row.Expression));

        Assert.All(FunctionTable.All, function =>
        {
            Assert.Contains($"{function.Name}(", cases, StringComparison.Ordinal);
            Assert.StartsWith($"{function.Name}(", function.Signature, StringComparison.Ordinal);
            Assert.True(function.Doc.Length > 10 && !function.Doc.EndsWith('.'), function.Doc);
        });
        Assert.Equal("capture(text, pattern, group = 1)", FunctionTable.Find("capture")!.Signature);
        Assert.Equal("contains(text, needle, …)", FunctionTable.Find("contains")!.Signature);
    }

    private static CompiledExpression Compile(string expression, ExpressionContext? context = null)
    {
        var bag = new DiagnosticBag();
        return ExpressionCompiler.Compile(SourceSlice.Of(expression), context ?? SomeScope.Context, bag)
            ?? throw new InvalidOperationException(CaseFile.Tell(bag));
    }

    private static Value Evaluate(string expression) => Compile(expression).Evaluate(SomeScope.Make());
}
