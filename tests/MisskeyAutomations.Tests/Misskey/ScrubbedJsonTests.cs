using System.Text;
using System.Text.Json;
using CsCheck;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

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
        Assert.Equal(text, JsonElement.Parse(ScrubbedJson.Of(Encoding.UTF8.GetBytes(json)).Span).GetString());
    }

    [Fact]
    public void Bytes_that_are_no_characters_become_some()
    {
        byte[] json = [(byte)'"', 0xC3, (byte)'a', 0xFF, (byte)'"'];

        Assert.Equal("\uFFFDa\uFFFD", JsonElement.Parse(ScrubbedJson.Of(json).Span).GetString());
    }

    [Fact]
    public void What_is_sound_is_not_copied()
    {
        var json = Encoding.UTF8.GetBytes("""{"a":"\n😀 \ud83d\ude00"}""");

        Assert.Equal((ReadOnlyMemory<byte>)json, ScrubbedJson.Of(json));
    }

    [Fact]
    public void Every_text_can_be_read_afterwards()
    {
        Gen.OneOf(@"\ud83d", @"\ude00", @"\\", @"\""", @"\n", "u", "d83d", "x", "絵", @"\uFFFD").Array[0, 12].Sample(parts =>
        {
            var json = Encoding.UTF8.GetBytes($"\"{string.Concat(parts)}\"");

            var text = JsonElement.Parse(ScrubbedJson.Of(json).Span).GetString()!;

            Assert.All(text.EnumerateRunes(), rune => Assert.NotEqual(0, rune.Value));
            Assert.DoesNotContain(Enumerable.Range(0, text.Length), at => char.IsSurrogate(text[at])
                && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                && !(char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1])));
        }, iter: 20_000);
    }
}
