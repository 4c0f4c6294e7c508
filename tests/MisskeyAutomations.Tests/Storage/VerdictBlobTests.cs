using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class VerdictBlobTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Verdicts_come_back_as_they_were(int count)
    {
        List<Verdict> verdicts =
        [
            .. Enumerable.Range(0, count).Select(i => (i % 4) switch
            {
                0 => new Verdict($"rule {i}", null),
                1 => new Verdict($"rule {i}", Gates.Bots),
                2 => new Verdict($"rule {i}", Gates.When, "note.text contains 'ping' was \"絵文字\""),
                _ => new Verdict($"rule {i}", Gates.When) { TookElse = true },
            }),
        ];

        Assert.Equal(verdicts, VerdictBlob.Read(VerdictBlob.Write(verdicts)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[[]]")]
    [InlineData("[[null]]")]
    [InlineData("[[1]]")]
    [InlineData("[[\"rule\",2]]")]
    [InlineData("\u0001no Brotli")]
    [InlineData("\u0001")]
    public void What_is_none_is_told_from_verdicts(string stored)
    {
        Assert.False(VerdictBlob.TryRead(System.Text.Encoding.UTF8.GetBytes(stored), out var verdicts));
        Assert.Null(verdicts);
    }

    [Fact]
    public void A_thousand_verdicts_take_a_few_kilobytes()
    {
        var verdicts = Enumerable.Range(0, 1000).Select(i => new Verdict($"rule-{i}", Gates.When, "note.text contains 'ping': note.text was \"hello\"")).ToList();

        Assert.InRange(VerdictBlob.Write(verdicts)!.Length, 1, 8_192);
    }

    // Rules of many kinds, each with a reason of its own: what a large set of rules stores for each event.
    [Theory]
    [InlineData(1, 200)]
    [InlineData(10, 500)]
    [InlineData(100, 1_000)]
    public void An_event_takes_little_room(int candidates, int most)
    {
        const string Said = "こんにちは、今日はいい天気ですね。散歩に行きませんか？ https://example.com/park";
        List<Verdict> verdicts =
        [
            .. Enumerable.Range(0, candidates).Select(i => new Verdict($"{Names[i % Names.Length]}-{i}", (i % 5) == 4 ? Gates.Limit : Gates.When, (i % 5) switch
            {
                0 => $"contains(note.said, '{Names[(i + 3) % Names.Length]}') = false (note.said = '{Said}')",
                1 => $"matches(note.said, /^{Names[(i + 1) % Names.Length]}{i}/i) = false (note.said = '{Said}')",
                2 => $"user.followersCount > {i * 17} = false (user.followersCount = 16)",
                3 => $"note.visibility == 'specified' = false (note.visibility = 'public')",
                _ => $"1 per user per {i}h: the one place for user:9x{i}abc is taken by run {7_000 + (i * 37)} (2026-11-24 08:{i % 60:00}:17 +09:00); the next is free at 2026-11-24 09:{i % 60:00}:17 +09:00",
            })),
        ];

        var stored = VerdictBlob.Write(verdicts)!;

        Assert.InRange(stored.Length, 1, most);
    }

    private static readonly string[] Names = ["welcome", "ping", "thanks", "follow-back", "guard", "diary", "morning", "colour", "visitors", "keywords"];
}
