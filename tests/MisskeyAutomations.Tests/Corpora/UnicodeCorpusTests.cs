using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using Words = MisskeyAutomations.Misskey.Words;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>What people call themselves and write, and what becomes of it in conditions, notes, cuts and log lines.</summary>
public sealed class UnicodeCorpusTests
{
    [Fact]
    public Task Every_text_gets_its_verdict() => Corpus.CheckAsync("unicode.corpus", atLeast: 400, text => Task.FromResult(Judge(text) is { Length: > 0 } verdict ? verdict : "NOTHING"));

    [Fact]
    public void What_is_posted_or_folded_once_is_not_changed_by_doing_so_again()
    {
        foreach (var one in Corpus.Read("unicode.corpus").Select(one => Visible.Read(one.Text)))
        {
            var posted = PostText.Of(Value.Of(one)).Text;

            Assert.Equal(posted, PostText.Of(Value.Of(posted)).Text);
            Assert.Equal(Folding.Fold(one), Folding.Fold(Folding.Fold(one)));
        }
    }

    private static string Judge(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        var (question, subject) = (text[..colon], Visible.Read(text[(colon + 2)..]));
        string[] pair = subject.Split(" ∥ ");
        return question switch
        {
            "posted" => Visible.Write(Post(subject)),
            "empty" => PostText.Of(Value.Of(subject)).IsEmpty ? "EMPTY" : "SEEN",
            "folded" => Visible.Write(Folding.Fold(subject)),
            "length" => Ask("length(user.name)", subject, "").ToText(),
            "contains" => Ask("contains(user.name, user.location)", pair[0], pair[1]).IsTrue ? "FOUND" : "NOT FOUND",
            "equal" => Ask("user.name == user.location", pair[0], pair[1]).IsTrue ? "EQUAL" : "DIFFERENT",
            "cut 5" => Visible.Write(PostText.Cut(subject, 5)),
            "log" => Words.Escape(subject, 200),
            "line" => Visible.Write(Words.OneLine(subject, 20)),
            _ => $"there is no question '{question}'",
        };
    }

    private static string Post(string name)
    {
        var template = ExpressionCompiler.CompileTemplate(SourceSlice.Of("«${user.name}»"), Context, new DiagnosticBag())!;
        var posted = PostText.Of(template.Render(ScopeOf(name, ""))).Text;
        Assert.True(posted is ['«', .., '»'], posted);
        return posted[1..^1];
    }

    private static Value Ask(string expression, string name, string location) =>
        ExpressionCompiler.Compile(SourceSlice.Of(expression), Context, new DiagnosticBag())!.Evaluate(ScopeOf(name, location));

    private static ExpressionContext Context => new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["user"] = Schema.Open },
    };

    // Halves of surrogate pairs cannot stand in JSON: the values are made as an answer of a function would be.
    private static Scope ScopeOf(string name, string location)
    {
        var scope = new Scope();
        scope["user"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["name"] = Value.Of(name), ["location"] = Value.Of(location) }));
        return scope;
    }
}
