using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// What Misskey delivers and does not mean for this account: quotes of hidden notes, direct notes to others, notes whose text was
/// withheld, the dummies of its test button. The input is a recorded webhook and what is changed in it: <c>PATH=JSON</c> each, with
/// <c>$me</c> for the account's own user id and <c>$author</c> for the note's author; <c>PATH=</c> alone takes the field away.
/// </summary>
public sealed partial class NotForMeCorpusTests
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
        var words = Words().Matches(text).Select(word => word.Value).ToArray();
        var (source, file) = words[0].Split(':') is [var way, var name] ? (way, name) : ("webhook", words[0]);
        var envelope = Read(file);
        var author = envelope["body"]?["note"]?["userId"]?.GetValue<string>();
        foreach (var change in words[1..])
        {
            var at = change.IndexOf('=', StringComparison.Ordinal);
            var value = change[(at + 1)..].Replace("$me", envelope["userId"]?.GetValue<string>(), StringComparison.Ordinal).Replace("$author", author, StringComparison.Ordinal);
            Set(envelope, change[..at].Split('.'), value);
        }

        return Deciding.DecideAsync(envelope, new MutedPeople(), source: source);
    }

    private static JsonObject Read(string file) => JsonNode.Parse(Payloads.Body(Path.GetFileNameWithoutExtension(file)))!.AsObject();

    private static void Set(JsonObject envelope, string[] path, string json)
    {
        var owner = path[..^1].Aggregate((JsonNode)envelope, (node, name) => node[name] ??= new JsonObject()).AsObject();
        if (json.Length == 0)
        {
            owner.Remove(path[^1]);
        }
        else
        {
            owner[path[^1]] = JsonNode.Parse(json);
        }
    }

    [GeneratedRegex("(\"[^\"]*\"|[^ ])+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
