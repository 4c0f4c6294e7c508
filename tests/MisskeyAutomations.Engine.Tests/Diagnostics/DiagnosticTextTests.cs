using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Tests.Diagnostics;

public sealed class DiagnosticTextTests
{
    private static readonly DiagnosticDescriptor Row = new("MKA9999", Severity.Error, "'{0}' is wrong");
    private static readonly DiagnosticDescriptor Soft = new("MKA9998", Severity.Warning, "look");

    [Fact]
    public void A_finding_shows_place_sentence_line_caret_hint_and_note()
    {
        var source = new SourceText("rules/follow-back.yaml", "rules:\n  - name: a\n    on: x\n");

        var text = DiagnosticText.Render(Row.At(source, new(27, 28), "x") with { Hint = "write y", Note = "y is right" });

        Assert.Equal(
            """
            rules/follow-back.yaml:3:9: error MKA9999: 'x' is wrong
              |
            3 |     on: x
              |         ^ write y
              = y is right

            """,
            text);
    }

    [Theory]
    [InlineData("ab|cd", 2, 2)]
    [InlineData("日本|語", 4, 2)]
    [InlineData("👍|👍", 2, 2)]
    [InlineData("👍🏽|x", 2, 1)]
    [InlineData("👩‍👩‍👧|x", 2, 1)]
    [InlineData("🇯🇵|x", 2, 1)]
    [InlineData("☆|★", 1, 1)]
    [InlineData("❤️|x", 2, 1)]
    [InlineData("e\u0301|x", 1, 1)]
    [InlineData("ｶﾞ|Ａ", 2, 2)]
    [InlineData("한|글", 2, 2)]
    [InlineData("\t|x", 4, 1)]
    [InlineData("\u200B|x", 0, 1)]
    public void The_caret_stands_under_its_character(string line, int columnsBefore, int carets)
    {
        var at = line.IndexOf('|', StringComparison.Ordinal);
        var source = new SourceText("a", line.Remove(at, 1));

        var rendered = DiagnosticText.Render(Soft.At(source, new(at, source.Text.Length))).Split('\n');

        Assert.Equal("  | " + new string(' ', columnsBefore) + new string('^', carets), rendered[3]);
    }

    [Fact]
    public void The_column_counts_UTF16_code_units_as_editors_do()
    {
        var source = new SourceText("a", "👍日x");

        Assert.StartsWith("a:1:4: ", DiagnosticText.Render(Soft.At(source, new(3, 4))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_span_of_several_lines_is_marked_on_its_first()
    {
        var source = new SourceText("a", "one two\nthree");

        Assert.Equal("  |     ^^^", DiagnosticText.Render(Soft.At(source, new(4, 13))).Split('\n')[3]);
    }

    [Fact]
    public void An_empty_span_gets_one_caret_even_at_the_end_of_the_file()
    {
        var source = new SourceText("a", "a:\r\n");

        Assert.Equal("a:2:1: warning MKA9998: look\n  |\n2 |\n  | ^\n", DiagnosticText.Render(Soft.At(source, new(4, 4))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    [InlineData(500)]
    [InlineData(999)]
    public void A_long_line_is_cut_to_what_surrounds_the_place(int at)
    {
        var line = string.Concat(Enumerable.Range(0, 500).Select(i => i % 7 == 0 ? "日本" : "ab"));
        var source = new SourceText("a", line);

        var rendered = DiagnosticText.Render(Soft.At(source, new(at, at + 1))).Split('\n');

        Assert.InRange(DisplayWidth.Of(rendered[2]), 1, 125);
        var caret = rendered[3].IndexOf('^', StringComparison.Ordinal);
        Assert.Equal(line[at], CharacterInColumn(rendered[2], caret));
    }

    [Fact]
    public void Pieces_join_to_the_text_and_say_what_they_are()
    {
        var finding = Row.At(new SourceText("a", "x"), new(0, 1), "x") with { Hint = "write y", Note = "n" };

        (DiagnosticPart Part, string Text)[] parts = [.. DiagnosticText.Parts(finding)];

        Assert.Equal(DiagnosticText.Render(finding), string.Concat(parts.Select(part => part.Text)));
        Assert.Equal("^", Assert.Single(parts, part => part.Part == DiagnosticPart.Caret).Text);
        Assert.Equal(" write y", Assert.Single(parts, part => part.Part == DiagnosticPart.Hint).Text);
        Assert.Equal(" error MKA9999:", Assert.Single(parts, part => part.Part == DiagnosticPart.Error).Text);
    }

    [Fact]
    public void Nothing_of_a_file_can_repaint_the_terminal()
    {
        var finding = Row.At(new SourceText("a\u001b", "\u001b[2J\u202e\u0085x"), new(0, 3), "\u001b]0;title\u0007") with { Hint = "\u001b", Note = "\u009b" };

        Assert.DoesNotContain(DiagnosticText.Render(finding), character => char.IsControl(character) && character != '\n');
    }

    [Theory]
    [InlineData(0, 0, 3, "no findings in 3 files")]
    [InlineData(2, 1, 3, "2 errors, 1 warning in 3 files")]
    [InlineData(1, 0, 1, "1 error in 1 file")]
    [InlineData(0, 2, 1, "2 warnings in 1 file")]
    public void The_summary_counts(int errors, int warnings, int files, string expected)
    {
        var source = new SourceText("a", "x");
        Diagnostic[] findings =
        [
            .. Enumerable.Repeat(Row.At(source, default, "x"), errors),
            .. Enumerable.Repeat(Soft.At(source, default), warnings),
        ];

        Assert.Equal(expected, DiagnosticText.Summary(findings, files).ToString());
    }

    private static char CharacterInColumn(string text, int column)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (DisplayWidth.Of(text.AsSpan(0, i)) == column)
            {
                return text[i];
            }
        }

        return '\0';
    }
}
