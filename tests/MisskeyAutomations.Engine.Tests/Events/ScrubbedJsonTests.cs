using System.Text;
using CsCheck;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Tests.Events;

public sealed class ScrubbedJsonTests
{
    [Theory]
    [InlineData("""{"a":"\ud800"}""", "\uFFFD")]
    [InlineData("""{"a":"\udc00"}""", "\uFFFD")]
    [InlineData("""{"a":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", "\uFFFD😀")]
    [InlineData("""{"a":"\ud83dx"}""", "\uFFFDx")]
    [InlineData("""{"a":"\ud83d\n"}""", "\uFFFD\n")]
    [InlineData("""{"a":"x\u0000y"}""", "x\uFFFDy")]
    [InlineData("""{"a":"\\ud800"}""", "\\ud800")]
    [InlineData("""{"a":"\\\ud800"}""", "\\\uFFFD")]
    [InlineData("""{"a":"\u00e9絵\u2028"}""", "é絵\u2028")]
    [InlineData("""{"a":"plain"}""", "plain")]
    public void Escapes_that_are_no_text_read_as_a_replacement(string json, string text)
    {
        var read = ScrubbedJson.Parse(Encoding.UTF8.GetBytes(json), scrubbed: true);

        Assert.Equal(text, read.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xE7, 0xB5 }, "\uFFFD")]
    [InlineData(new byte[] { 0xE7, 0xB5, 0xB5 }, "絵")]
    public void Bytes_that_are_no_UTF8_read_as_a_replacement(byte[] bytes, string text)
    {
        byte[] json = [.. "{\"a\":\""u8, .. bytes, .. "\"}"u8];

        Assert.Equal(text, ScrubbedJson.Parse(json, scrubbed: true).GetProperty("a").GetString());
    }

    [Fact]
    public void Names_are_scrubbed_like_texts()
    {
        var read = ScrubbedJson.Parse(Encoding.UTF8.GetBytes("""{"\ud800":1}"""), scrubbed: true);

        Assert.Equal("\uFFFD", Assert.Single(read.EnumerateObject()).Name);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8];

        Assert.Equal(1, ScrubbedJson.Parse(json, scrubbed: false).GetProperty("a").GetInt32());
    }

    [Theory]
    [InlineData("\\")]
    [InlineData("\"\\u12")]
    [InlineData("\"\\ud83d\\u")]
    [InlineData("")]
    public void Texts_that_were_cut_off_are_copied_as_they_are(string json)
    {
        Assert.Equal(json.Length, Encoding.UTF8.GetString(ScrubbedJson.Scrub(Encoding.UTF8.GetBytes(json))).Length);
    }

    [Fact]
    public void Every_text_can_be_read_afterwards()
    {
        Gen.OneOf(@"\ud83d", @"\ude00", @"\\", @"\""", @"\n", "u", "d83d", "x", "絵", @"\uFFFD").Array[0, 12].Sample(parts =>
        {
            var json = Encoding.UTF8.GetBytes($"\"{string.Concat(parts)}\"");

            var text = ScrubbedJson.Parse(json, scrubbed: true).GetString()!;

            Assert.All(text.EnumerateRunes(), rune => Assert.NotEqual(0, rune.Value));
            Assert.DoesNotContain(Enumerable.Range(0, text.Length), at => char.IsSurrogate(text[at])
                && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                && !(char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1])));
        }, iter: 20_000);
    }
}
