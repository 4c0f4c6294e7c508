using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// What Misskey delivers and does not mean for this account: quotes of hidden notes, direct notes to others, notes whose text was
/// withheld, the dummies of its test button. The input is a recorded webhook and what is changed in it: <c>PATH=JSON</c> each, with
/// <c>$me</c> for the account's own user id and <c>$author</c> for the note's author; <c>PATH=</c> alone takes the field away.
/// </summary>
public sealed class NotForMeCorpusTests
{
    private static readonly DecidingRig Deciding = new("""
        rules:
          - { name: everything, include: [self, bots, muted], on: EVERYTHING, do: { log: x, allow-private: true } }
        """);

    /// <summary>The verdict is the gate that refuses it to a rule that includes everybody, or that it <c>runs</c>; or the state in which the delivery is kept.</summary>
    [Fact]
    public Task Every_delivery_gets_its_verdict() => Corpus.CheckAsync("not-for-me.corpus", atLeast: 80, JudgeAsync);

    private static Task<string> JudgeAsync(string text)
    {
        var (source, envelope) = RecordedChange.Read(text);
        return Deciding.DecideAsync(envelope, new MutedPeople(), source: source);
    }
}
