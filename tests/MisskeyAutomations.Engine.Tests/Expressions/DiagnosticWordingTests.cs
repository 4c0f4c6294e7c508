using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

public sealed class DiagnosticWordingTests
{
    [Theory]
    [InlineData("foo", "there is no variable 'foo' here")]
    [InlineData("foo(1)", "there is no function 'foo'")]
    [InlineData("user.isbot", "'user' has no property 'isbot'")]
    [InlineData("has()", "has takes 1 argument, not 0")]
    [InlineData("contains(user.name)", "contains takes at least 2 arguments, not 1")]
    [InlineData("if(true)", "if takes 2 to 3 arguments, not 1")]
    [InlineData("hour(1, 2)", "hour takes at most 1 argument, not 2")]
    [InlineData("lower(5)", "lower needs a text as 'text', and this is a number")]
    [InlineData("user.name == 5", "a text cannot be compared with a number")]
    [InlineData("user.isBot + 1", "'+' needs numbers or texts, and this is true or false")]
    [InlineData("not user.name", "a condition is true or false, and this is a text")]
    [InlineData("lists.x", "there is no list 'x'")]
    [InlineData("", "the expression is empty")]
    [InlineData("'a", "the text that begins here has no closing '")]
    [InlineData("/a", "the regular expression that begins here has no closing '/'")]
    [InlineData("matches(user.name, /a/g)", "a regular expression has no flag 'g' here, only 'i'")]
    [InlineData("matches(user.name, /a(/)", "the regular expression is not well formed: a '(' is not closed")]
    [InlineData("matches(user.name, /a(?=b)/)", "look-ahead is not available in regular expressions here, which run in linear time")]
    [InlineData("user.name; 1", "';' means nothing in an expression")]
    [InlineData("1 \u0007", "'U+0007' means nothing in an expression")]
    [InlineData("user.name ＝ 'a'", "full-width '＝'")]
    [InlineData("user.isBot　and true", "full-width space")]
    [InlineData("ｕser.isBot", "full-width letters 'ｕser'")]
    [InlineData("5min", "'5min' is neither a number nor a duration")]
    [InlineData("1 & 2", "there is no bit operator '&'")]
    [InlineData("1 ?? 2", "there is no operator '??'")]
    [InlineData("1 +", "a value is missing after '+'")]
    [InlineData("* 1", "a value is missing before '*'")]
    [InlineData("1 2", "an operator is missing before '2'")]
    [InlineData("(1", "'(' is never closed")]
    [InlineData("1)", "')' closes nothing")]
    [InlineData("true ? 1", "'?' without ':'")]
    [InlineData("user['name']", "brackets take a position, not a name")]
    [InlineData("'a' in user.name", "'in' looks for an entry of a list, and 'user.name' is a text")]
    [InlineData("lists.a-b", "'lists.a-b' is a subtraction: names have letters, digits and '_' only")]
    [InlineData("it", "'it' is the entry in conditions of first, last, count, any and all, and there is none here")]
    [InlineData("/a/", "a regular expression stands only in matches, capture, replace and split")]
    [InlineData("chance(2)", "a probability is from 0 to 1")]
    [InlineData("user.", "a name is missing after '.'")]
    public void Sentence_says_what_is_wrong(string expression, string message)
    {
        var found = Check(expression, "followed");

        Assert.Equal(message, Assert.Single(found).Message);
    }

    [Fact]
    public void Unknown_property_tells_what_there_is_and_what_a_look_up_would_bring()
    {
        var found = Assert.Single(Check("not user.isbot", "followed"));

        Assert.Equal("MKA1203", found.Code);
        Assert.Equal(Severity.Error, found.Severity);
        Assert.Equal(new TextSpan(4, 14), found.Span);
        Assert.Equal("did you mean 'user.isBot'?", found.Hint);
        Assert.StartsWith("event 'followed' gives user: id, ", found.Note?.ToString(), StringComparison.Ordinal);
        Assert.Contains("; with users/show: createdAt, description, ", found.Note?.ToString(), StringComparison.Ordinal);
        Assert.Contains("; with users/relation: isFollowing, isFollowed, ", found.Note?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_variable_tells_which_events_bring_it()
    {
        var found = Assert.Single(Check("note.text", "followed"));

        Assert.Equal("event 'followed' gives me, event, now, body, user; 'note' comes with note, reply, renote, mention, reaction, pollEnded", found.Note);
    }

    [Fact]
    public void Unknown_list_tells_the_lists() =>
        Assert.Equal("the lists are friends", Assert.Single(Check("lists.freinds", "followed")).Note);

    [Fact]
    public void All_mistakes_are_found_at_once()
    {
        var found = Check("user.isbot and lists.frends == 5 or foo(user.nam) > 'x'", "followed");

        Assert.Equal("MKA1203 MKA1209 MKA1202 MKA1203", string.Join(' ', found.Select(item => item.Code)));
    }

    [Fact]
    public void Warning_does_not_keep_the_expression_from_being_compiled()
    {
        var bag = new DiagnosticBag();

        var compiled = ExpressionCompiler.Compile(SourceSlice.Of("matches(note.text, /^hi/)"), ContextOf("mention"), bag);

        Assert.NotNull(compiled);
        Assert.Equal("the text of a mention begins with the mention, so '^' finds nothing else", Assert.Single(bag.Items).Message);
    }

    [Fact]
    public void Places_are_those_of_the_file_even_where_characters_moved()
    {
        var file = new SourceText("rules/a.yaml", "when: \"user.name == \\\"x\\\" and user.isbot\"");
        var text = "user.name == \"x\" and user.isbot";
        var offsets = new int[text.Length + 1];
        for (int i = 0, at = 7; i <= text.Length; i++, at++)
        {
            at += i < text.Length && text[i] == '"' ? 1 : 0;
            offsets[i] = at;
        }

        var bag = new DiagnosticBag();
        ExpressionCompiler.Compile(SourceSlice.Mapped(file, text, offsets), ContextOf("followed"), bag);

        var found = Assert.Single(bag.Items);
        Assert.Equal((1, 31), file.GetPosition(found.Span.Start));
        Assert.Equal("user.isbot", file.Text[found.Span.Start..found.Span.End]);
    }

    [Fact]
    public void Holes_of_templates_have_their_places_in_the_file_too()
    {
        var file = new SourceText("rules/a.yaml", "reply: Hi ${user.name}, ${user.nam}!");
        var bag = new DiagnosticBag();

        ExpressionCompiler.CompileTemplate(SourceSlice.Verbatim(file, file.Text[7..], 7), ContextOf("followed"), bag);

        var found = Assert.Single(bag.Items);
        Assert.Equal("user.nam", file.Text[found.Span.Start..found.Span.End]);
    }

    [Fact]
    public void Codes_of_the_table_are_unique_and_in_their_range()
    {
        var rows = typeof(ExpressionDiagnostics).GetFields().Select(field => (DiagnosticDescriptor)field.GetValue(null)!).ToList();

        Assert.Equal(rows.Count, rows.Select(row => row.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rows, row => Assert.InRange(int.Parse(row.Code[3..], System.Globalization.CultureInfo.InvariantCulture), 1201, 1299));
    }

    private static IReadOnlyList<Diagnostic> Check(string expression, string eventType)
    {
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.Compile(SourceSlice.Of(expression), ContextOf(eventType), bag);
        Assert.Null(compiled);
        return bag.Items;
    }

    private static ExpressionContext ContextOf(string eventType)
    {
        var variables = EventTypes.Always.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, shape) in EventTypes.Find(eventType)!.Variables)
        {
            variables[name] = shape;
        }

        return new() { Variables = variables, Lists = new HashSet<string>(StringComparer.Ordinal) { "friends" }, EventTypes = [eventType] };
    }
}
