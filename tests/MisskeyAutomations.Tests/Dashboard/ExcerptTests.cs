using MisskeyAutomations.Dashboard.Pages;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>JSON as the pages show it can be read by people.</summary>
public sealed class ExcerptTests
{
    [Theory]
    [InlineData("""{"a":"👋👨‍👩‍👧"}""", "👋👨‍👩‍👧")]
    [InlineData("""{"a":"おはよう　<b>"}""", "おはよう　<b>")]
    [InlineData("""{"a":"\\uD83D\\uDC4B"}""", """\\uD83D\\uDC4B""")]
    [InlineData("""{"a":"\\\uD83D\uDC4B"}""", """\\👋""")]
    public void What_people_wrote_is_shown_as_they_wrote_it(string json, string shown) => Assert.Equal($"{{\n  \"a\": \"{shown}\"\n}}", Excerpt.Indent(json).ReplaceLineEndings("\n"));

    [Fact]
    public void What_is_no_JSON_is_shown_as_it_stands() => Assert.Equal("{ <", Excerpt.Indent("{ <"));
}
