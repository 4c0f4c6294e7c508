using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>A character of a value is mapped to the very place where it was written, whatever the style of its scalar.</summary>
public sealed class ScalarMapTests
{
    [Theory]
    [InlineData("a: plain text # comment")]
    [InlineData("a: over\n  two lines\n\n\n  and a paragraph")]
    [InlineData("a: 'it''s   so'")]
    [InlineData("a: 'over\n  two  \n\n\n  lines '")]
    [InlineData("a: \"quote \\\" tab \\t \\x41 \\u3042 \\U0001F44D \\ud83d\\udc4d end\"")]
    [InlineData("a: \"joined \\\n   line, folded\n\n  line  \"")]
    [InlineData("a: |\n  one\n    two\n\n  three\n\n")]
    [InlineData("a: |+\n  one\n\n\n")]
    [InlineData("a: |-\n\n  one  \n  two")]
    [InlineData("a: |2\n    four\n  two\n")]
    [InlineData("a: >\n  one\n  two\n\n  three\n    more\n    more\n  end\n")]
    [InlineData("a: >+ # comment\n\n  one\n\n")]
    [InlineData("a: |\r\n  one\r\n  two\r\n")]
    [InlineData("a: \"one\r\n  two\r\n\r\n  three\"")]
    [InlineData("a: ''")]
    [InlineData("a: \"\"")]
    [InlineData("a: |\n")]
    [InlineData("a: 日本語 👍 の\n  テキスト")]
    public void Each_character_stands_where_its_place_says(string text)
    {
        var value = ValueOf(text);

        CheckPlaces(text, value);
    }

    [Fact]
    public void Random_scalars_of_every_style_have_a_map()
    {
        var random = new Random(4711);
        for (var round = 0; round < 4000; round++)
        {
            var text = "a: " + RandomScalar(random);
            var bag = new DiagnosticBag();
            if (YamlReader.Read(new SourceText("a", text), bag) is [SourceNode.Mapping { Entries: [{ Value: SourceNode.Scalar scalar }] }] && bag.Items.Count == 0)
            {
                CheckPlaces(text, scalar.Value);
            }
        }
    }

    private static string RandomScalar(Random random)
    {
        string[] pieces = ["a", "b c", " ", "  ", "\n  ", "\n\n  ", "\n    ", "あ", "👍", ".", "''", "x y"];
        var body = new StringBuilder("w");
        for (var i = random.Next(12); i > 0; i--)
        {
            body.Append(pieces[random.Next(pieces.Length)]);
        }

        return random.Next(6) switch
        {
            0 => body.ToString(),
            1 => $"'{body}'",
            2 => "\"" + body.Replace("''", "\\n\\u3042\\\"") + "\"",
            3 => "|\n  " + body + "\n",
            4 => ">\n  " + body + "\n\n",
            _ => "|-\n  " + body + "\n\n\n",
        };
    }

    private static SourceSlice ValueOf(string text)
    {
        var bag = new DiagnosticBag();
        var document = Assert.Single(YamlReader.Read(new SourceText("a", text), bag));
        Assert.Empty(bag.Items);
        return Assert.IsType<SourceNode.Scalar>(Assert.IsType<SourceNode.Mapping>(document).Entries[0].Value).Value;
    }

    private static void CheckPlaces(string text, SourceSlice value)
    {
        var before = -1;
        for (var i = 0; i < value.Text.Length; i++)
        {
            var place = value.Map(new(i, i + 1)).Start;
            Assert.InRange(place, before, text.Length);
            var isItself = text[place] == value.Text[i];
            var isEscape = text[place] == '\\';
            var isFold = value.Text[i] is ' ' or '\n' && text[place] is ' ' or '\n' or '\r';
            Assert.True(isItself || isEscape || isFold, $"character {i} of '{value.Text}' at {place} of '{text}'");
            Assert.True(place > before || isEscape || isFold, $"two characters at {place} of '{text}'");
            before = place;
        }

        Assert.InRange(value.Span.End, value.Span.Start, text.Length);
    }
}
