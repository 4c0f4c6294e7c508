using System.Text;
using CsCheck;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Tests.Events;

public sealed class ScrubbedJsonTests
{
    [Theory]
    [InlineData(@"""\ud800""", "\uFFFD")]
    [InlineData(@"""\udc00\ud83d""", "\uFFFD\uFFFD")]
    [InlineData(@"""\ud83d\ude00""", "😀")]
    [InlineData(@"""\uD83D\uDE00\uD83D""", "😀\uFFFD")]
    [InlineData(@"""\ud83dx\ude00""", "\uFFFDx\uFFFD")]
    [InlineData(@"""\\ud800""", @"\ud800")]
    [InlineData(@"""\\\ud800""", "\\\uFFFD")]
    [InlineData(@"""\""\n\u0041""", "\"\nA")]
    [InlineData(@"""plain 絵 😀""", "plain 絵 😀")]
    public void Half_characters_become_whole_ones(string json, string text)
    {
        Assert.Equal(text, ScrubbedJson.Parse(Encoding.UTF8.GetBytes(json), scrubbed: true).GetString());
    }

    [Fact]
    public void Bytes_that_are_no_characters_become_some()
    {
        byte[] json = [(byte)'"', 0xC3, (byte)'a', 0xFF, (byte)'"'];

        Assert.Equal("\uFFFDa\uFFFD", ScrubbedJson.Parse(json, scrubbed: true).GetString());
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
