using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Tests.Diagnostics;

public sealed class PhraseTests
{
    [Fact]
    public void An_interpolated_string_keeps_its_format_as_the_key()
    {
        var (number, needed) = (5, Phrase.Of("a rule"));

        Phrase phrase = $"write {number:N0}m for {needed}: {{x}}";

        Assert.Equal("write {0:N0}m for {1}: {{x}}", phrase.Format);
        Assert.Equal([5, needed], phrase.Arguments);
        Assert.Equal("write 5m for a rule: {x}", phrase.ToString());
    }

    [Fact]
    public void A_text_is_its_own_key_with_its_braces_doubled()
    {
        Phrase phrase = "write { max: 3 }";

        Assert.Equal("write {{ max: 3 }}", phrase.Format);
        Assert.Equal("write { max: 3 }", phrase.ToString());
    }

    [Fact]
    public void A_catalogue_is_read_as_gettext_writes_it()
    {
        var texts = PoFile.Read(new StringReader("# note\nmsgid \"\"\nmsgstr \"Language: ja\"\n\nmsgid \"a \\\"{0}\\\"\\n\"\nmsgstr \"あ\\\\\"\nmsgid \"b\"\nmsgstr \"\"\n"));

        Assert.Equal([new("a \"{0}\"\n", "あ\\")], texts);
    }

    [Theory]
    [InlineData("msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\n")]
    [InlineData("msgid a\n")]
    [InlineData("msgstr \"a\"\n")]
    [InlineData("msgid \"\\q\"\n")]
    public void A_broken_catalogue_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PoFile.Read(new StringReader(text)).ToArray());

    [Theory]
    [InlineData("a number", "x", "'x' に必要なのは数値ですが、これは数値です")]
    [InlineData("true or false", "{x}", "'{x}' に必要なのは true または false ですが、これは true または false です")]
    public void What_fills_a_Japanese_sentence_is_set_off_by_a_space_where_it_is_Latin(string needed, string sign, string told)
    {
        Phrase words = needed;

        Assert.Equal(told, Translation.Japanese.Say("'{0}' needs {1}, and this is {2}", [sign, words, words]));
    }

    [Theory]
    [InlineData("ja", "ja")]
    [InlineData("ja_JP.UTF-8", "ja")]
    [InlineData("JA-jp", "ja")]
    [InlineData("en_GB", "en")]
    [InlineData("C.UTF-8", "en")]
    [InlineData("jam", null)]
    [InlineData("", null)]
    public void A_language_is_found_by_the_codes_that_systems_use(string code, string? language) =>
        Assert.Equal(language, Translation.Find(code)?.Language);
}
