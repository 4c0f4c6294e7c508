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
                _ => new Verdict($"rule {i}", Gates.When, null, TookElse: true),
            }),
        ];

        Assert.Equal(verdicts, VerdictBlob.Read(VerdictBlob.Write(verdicts)));
    }

    [Fact]
    public void A_thousand_verdicts_take_a_few_kilobytes()
    {
        var verdicts = Enumerable.Range(0, 1000).Select(i => new Verdict($"rule-{i}", Gates.When, "note.text contains 'ping': note.text was \"hello\"")).ToList();

        Assert.InRange(VerdictBlob.Write(verdicts)!.Length, 1, 8_192);
    }
}
