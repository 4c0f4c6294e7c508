using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Tests.BuiltInActions;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// Templates of ten engines, and our own, in the name of somebody: wherever a rule puts it, it is posted once, as data, and nothing
/// in it is evaluated. A verdict <c>AS IT IS</c> says that nothing had to be escaped either; ⁝ is a zero-width space.
/// </summary>
public sealed class InjectionCorpusTests
{
    private static readonly ExpressionContext Context = new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["user"] = Schema.Open },
    };

    /// <summary>Ways in which a rule may put a name into a text; all of them post <c>Hi NAME.</c></summary>
    private static readonly string[] Templates =
    [
        "Hi ${user.name}.",
        "Hi ${'' + user.name + ''}.",
        "${'Hi ' + user.name}.",
        "Hi ${coalesce(user.nothing, user.name)}.",
        "Hi ${if(has(user.name), user.name, 'x')}.",
        "Hi ${user.isBot ? 'x' : user.name}.",
        "Hi ${first((user.name, 'x'))}.",
        "Hi ${choose(user.name)}.",
        "Hi ${join((user.name, ''), '')}.",
        "Hi ${replace(user.name, 'zzzz', '${1 + 1}')}.",
    ];

    [Fact]
    public Task Every_payload_is_posted_once_as_data() => Corpus.CheckAsync("template-injections.corpus", atLeast: 200, text => Task.FromResult(Judge(text)));

    [Fact]
    public void Nothing_that_was_rendered_is_rendered_again()
    {
        foreach (var one in Corpus.Read("template-injections.corpus"))
        {
            var once = Render("${user.name}", one.Text);
            var twice = Render("${user.name}", once.ToText());

            Assert.Equal(Posted(once), Posted(twice));
            Assert.Equal(one.Text, Render("${raw(user.name)}", one.Text).Text);
            Assert.Equal(one.Text, Render("${raw(raw('' + user.name))}", one.Text).Text);
        }
    }

    private static string Judge(string payload)
    {
        var verdicts = Templates.Select(template => Told(Posted(Render(template, payload)), payload)).Append(InContentWarning(payload)).Distinct(StringComparer.Ordinal);
        return string.Join(" BUT ELSEWHERE ", verdicts);
    }

    private static string InContentWarning(string payload)
    {
        var intent = Some.Intent("note", Some.Event(), Some.Text("x"), ("cw", Render("Hi ${user.name}.", payload)));
        return intent.Json.GetText("cw") is { } cw && cw.EndsWith('…') ? Told(Posted(Render("Hi ${user.name}.", payload)), payload) : Told(intent.Json.GetText("cw")!, payload);
    }

    private static string Told(string posted, string payload)
    {
        Assert.True(posted.StartsWith("Hi ", StringComparison.Ordinal) && posted.EndsWith('.'), posted);
        var inner = posted[3..^1];
        return inner == payload ? "AS IT IS" : inner.Replace('\u200B', '⁝').Replace('\n', '␤').Replace('\t', '␉').Replace('\0', '␀');
    }

    private static string Posted(Value value) => Some.Intent("note", Some.Event(), value).Text!;

    private static Value Render(string template, string name)
    {
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.CompileTemplate(SourceSlice.Of(template), Context, bag);
        Assert.True(compiled is not null, template);
        var scope = new Scope();
        scope["user"] = Value.From(JsonSerializer.SerializeToElement(new { name, isBot = false }));
        return compiled.Render(scope);
    }
}
