using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Tests.BuiltInActions;

namespace MisskeyAutomations.Tests.Mfm;

/// <summary>
/// Names full of markup, rendered through templates and posted as text, content warning and poll choice: in what comes out,
/// Misskey's own reader finds the mentions, hashtags, functions and links that the rule wrote, and no others. The names are the same
/// at each run; <c>MKA_SEED</c> makes other ones.
/// </summary>
public sealed partial class NeutralTextTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_124;
    private const int Count = 14_000;

    private static readonly string[] Pieces =
    [
        "@", "@", "@@", "＠", "﹫", "@a", "@admin", "@bob@evil.example", "#", "#", "#a", "##", "＃", "$[", "$[", "$[x2 ", "$[spin.speed=1s ", "$", "[", "]", "](", "](https://evil.example)",
        "[a](https://evil.example)", "?[a](https://evil.example)", "(", ")", "<", "</", "<b>", "</b>", "<plain>", "</plain>", "<center>", "</center>", "<small>", "<i>", "<s>", "**", "***", "*", "__", "_", "~~", "`", "```", "\n", "\n> ", " ", " ",
        "https://evil.example", "https://", "http://evil.example/@a#b", "<https://evil.example>", ":", ":cat:", "\\(", "\\[", "a", "b1", "Z", ".", "-", "/", "日本", "さん", "👍", "é", "\u200B", "\u202E", "\u0000", "検索", " [search]", "${x}", "「", "」", "（", "）", "'", "\"", ",", "!", "?", "e\u0301",
    ];

    // The text, and the markup that the rule wrote in it. It is exact where that stands first, so that no name can swallow it.
    private sealed record Template(string Text, string[] Mentions, string[] Hashtags, string[] Functions, string[] Links, bool IsExact = true);

    private static readonly Template[] Templates =
    [
        new("Thanks ${user.name}!", [], [], [], []),
        new("${user.name}", [], [], [], []),
        new("${user.name}${note.text}", [], [], [], []),
        new("${note.text} and ${user.name}さん", [], [], [], []),
        new("@alice ${user.name}", ["@alice"], [], [], []),
        new("@alice@host.example ${user.name} x", ["@alice@host.example"], [], [], []),
        new("@alice${user.name}", ["@alice"], [], [], [], IsExact: false),
        new("@${user.name}", [], [], [], []),
        new("#tag ${user.name}", [], ["tag"], [], []),
        new("#tag${user.name}", [], ["tag"], [], [], IsExact: false),
        new("$[x2 hi] ${user.name}", [], [], ["x2"], []),
        new("$[x2 ${user.name}]", [], [], ["x2"], [], IsExact: false),
        new("$[${user.name} a]", [], [], [], []),
        new("[site](https://site.example) ${user.name}", [], [], [], ["https://site.example"]),
        new("[${user.name}](https://site.example)", [], [], [], ["https://site.example"], IsExact: false),
        new("${user.name} @alice #tag $[x2 a] ${note.text}", ["@alice"], ["tag"], ["x2"], [], IsExact: false),
        new("<b>${user.name}</b> **${note.text}**", [], [], [], []),
        new("${mention(user)} ${user.name}", ["@bob_1@remote.example"], [], [], []),
        new("${user.name} ${mention(user)} ${note.text}", ["@bob_1@remote.example"], [], [], [], IsExact: false),
        new("${link('https://site.example/', user.name)}", [], [], [], ["https://site.example/"], IsExact: false),
        new("${plain(user.name)}", [], [], [], []),
        new("${plain(note.text)} ${plain(user.name)}", [], [], [], []),
        new("${upper(user.name)} ${replace(note.text, 'a', '@')}", [], [], [], []),
        new("${join(split(user.name, ' '), '')}", [], [], [], []),
    ];

    [Fact]
    public async Task Misskey_reads_the_markup_that_the_rule_wrote_and_no_other()
    {
        var seed = Numbers.Of("MKA_SEED") ?? Seed;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var posted = new List<(Template Template, string Name, string Note, string Text)>();
        while (posted.Count < Count)
        {
            var template = Templates[random.Next(Templates.Length)];
            var (name, note) = (Mix(random), Mix(random));
            posted.AddRange(Post(template, name, note).Select(text => (template, name, note, text)));
        }

        var readings = await MfmJudge.ReadAsync([.. posted.Select(one => one.Text)], TestContext.Current.CancellationToken);

        Assert.Equal(posted.Count, readings.Count);
        var faults = posted.Zip(readings).Select(pair => (pair.First, Fault: FaultOf(pair.First.Template, $"{pair.First.Name}\n{pair.First.Note}", pair.First.Text, pair.Second)))
            .Where(one => one.Fault is not null).Take(10)
            .Select(one => $"{one.First.Template.Text} with {JsonSerializer.Serialize(one.First.Name)} and {JsonSerializer.Serialize(one.First.Note)}\nposted {JsonSerializer.Serialize(one.First.Text)}\n{one.Fault}");
        Assert.True(!faults.Any(), $"seed {seed}\n{string.Join("\n\n", faults)}");
    }

    [Fact]
    public async Task Judge_sees_what_a_rule_lets_through()
    {
        var readings = await MfmJudge.ReadAsync(["@a #b $[x2 c] [d](https://e.example) https://f.example **g**"], TestContext.Current.CancellationToken);

        var reading = Assert.Single(readings);
        Assert.Equal(["@a"], reading.Mention);
        Assert.Equal(["b"], reading.Hashtag);
        Assert.Equal(["x2"], reading.Fn);
        Assert.Equal(["https://e.example"], reading.Link);
        Assert.Equal(["https://f.example"], reading.Url);
        Assert.Equal(["bold"], reading.Other);
    }

    [Fact]
    public async Task Raw_lets_through_what_it_was_given()
    {
        var text = Post(new("${raw(user.name)}", [], [], [], []), "@a #b $[x2 c]", "x")[0];

        var reading = Assert.Single(await MfmJudge.ReadAsync([text], TestContext.Current.CancellationToken));

        Assert.Equal(("@a", "b", "x2"), (reading.Mention.Single(), reading.Hashtag.Single(), reading.Fn.Single()));
    }

    private static string? FaultOf(Template template, string data, string text, MfmReading reading)
    {
        var foreign = reading.Mention.Except(template.Mentions, StringComparer.Ordinal).Concat(reading.Hashtag.Except(template.Hashtags, StringComparer.Ordinal).Select(tag => $"#{tag}"))
            .Concat(reading.Fn.Except(template.Functions, StringComparer.Ordinal).Select(name => $"$[{name}")).Concat(reading.Link.Except(template.Links, StringComparer.Ordinal).Select(url => $"]({url})"))
            // A bare address leads where it says: it stays, as bold and emoji do, but only as somebody wrote it.
            .Concat(reading.Url.Where(url => !data.Contains(url, StringComparison.OrdinalIgnoreCase) && !WithoutQuotes(text).Any(read => read.Contains(url, StringComparison.Ordinal))))
            .Concat(template.Text.StartsWith("${plain", StringComparison.Ordinal) ? reading.Url.Concat(reading.Other.Where(kind => kind != "unicodeEmoji")) : []).ToList();
        if (foreign.Count > 0)
        {
            return $"Misskey reads {string.Join(", ", foreign)}";
        }

        var isWhole = reading.Mention.Length == template.Mentions.Length && reading.Hashtag.Length == template.Hashtags.Length
            && reading.Fn.Length == template.Functions.Length && reading.Link.Length == template.Links.Length;
        return isWhole || !template.IsExact || text.EndsWith('…') ? null : "Misskey reads less than the rule wrote";
    }

    // As a reader of MFM goes into quotes inside of quotes: at each depth the signs at the beginnings of the lines are gone.
    private static IEnumerable<string> WithoutQuotes(string text)
    {
        for (var (depth, read) = (0, text); depth < 4; depth++, read = QuoteSigns().Replace(read, ""))
        {
            yield return read;
        }
    }

    [GeneratedRegex(@"^> ?", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex QuoteSigns();

    // The same words as the text, the content warning and a choice of the poll.
    private static List<string> Post(Template template, string name, string note)
    {
        var value = Render(template.Text, name, note);
        if (value.Kind != ValueKind.Text || value.Text.Trim().Length == 0)
        {
            return [];
        }

        var poll = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["choices"] = Value.Of([value, Some.Text("other")]) }));
        if (Some.Prepare("note", Some.Event(), value, ("cw", value), ("poll", poll)) is not Engine.Actions.Preparation.Ready ready)
        {
            return [];
        }

        var json = ready.Intent.Json;
        return [.. new[] { json.GetText("text"), json.GetText("cw"), json.GetProperty("poll").GetProperty("choices")[0].GetString() }.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static Value Render(string text, string name, string note)
    {
        var context = new ExpressionContext
        {
            Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["user"] = Schema.User, ["note"] = Schema.Note },
        };
        var bag = new DiagnosticBag();
        // A warning such as that of @${…} does not keep a template from being posted here: what it says is what is tried.
        var compiled = ExpressionCompiler.CompileTemplate(SourceSlice.Of(text), context, bag);
        Assert.True(compiled is not null, text);
        var scope = new Scope();
        scope["user"] = Value.From(JsonSerializer.SerializeToElement(new { id = "u1", username = "bob_1", host = "remote.example", name }));
        scope["note"] = Value.From(JsonSerializer.SerializeToElement(new { id = "n1", text = note }));
        return compiled.Render(scope);
    }

    private static string Mix(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }
}
