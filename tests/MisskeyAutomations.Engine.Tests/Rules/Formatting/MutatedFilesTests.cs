using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Syntax;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Rules.Formatting;
using MisskeyAutomations.Engine.Rules.Yaml;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Tests.Expressions.Generated;

namespace MisskeyAutomations.Engine.Tests.Rules.Formatting;

/// <summary>Formatting changes no meaning, loses no comment, and is done after one pass: on a thousand files that people might have written.</summary>
public sealed partial class MutatedFilesTests
{
    private static readonly IReadOnlyList<string> Bases = [.. ValidFiles.All, ValidFiles.Numbered(1), Wide];

    private const string Wide = """
        defaults: { timezone: Asia/Tokyo }
        lists: { friends: [ai, "10", "yes", "日時：今日", "a, b"] }
        rules:
          - name: wide
            on: [mention, reply]
            let: { said: "lower(note.said)", dice: "random(1, 6)" }
            when:
              - "user.id in lists.friends or matches(note.said, /^\\d+ (a|b): x/i)"
              - any: [ "not user.isBot and user.name == 'x, y'", note.isReply == false ]
            limit: [ 1 per (user.host) per day, { max: 3, per: (user.id + '-' + note.text), within: 1d, over: [ { reply: "no ${user.name}: later" } ] } ]
            do:
              - reply: "${if(user.isCat, 'nya, nya', \"it's\")}  and $${ no hole }\n second line"
                to: note
              - for-each: file in note.files
                do:
                  - log: "${file.name}: ${dice + 1}"
              - if: user.isCat
                then: { react: 👍 }
                else:
                  - wait: ${duration(said)}
                  - set: { n: "${coalesce(state('n'), 0) + 1}", t: "true", f: false, l: [1, "1", ~] }
              - http: https://example.com/${note.id}?x=${user.id}
                headers: { X-A: "${user.name} #1" }
                body: { a: "# no comment", b: "- x", c: [ "${note.text}" ] }
            on-error: [ { log: "${error.message}" } ]
        tests:
          - { name: "t: 1", given: { mention: { note: { text: "@me 1.50", n: 1.50, s: "1.50", d: 010 } } }, expect: { wide: nothing } }
        """;

    [Fact]
    public void A_thousand_files_keep_their_meaning_and_their_comments_and_are_done_after_one_pass()
    {
        var random = new Random(20_261_124);
        for (var round = 0; round < 1000; round++)
        {
            var canonical = Format(Bases[round % Bases.Count], "the base");
            var documents = YamlReader.Read(new SourceText("rules/a.yaml", canonical), new DiagnosticBag());
            var messy = string.Join("---\n", documents.Select(document => new MessyWriting(random, Respelled(document, random)).Write(document)));

            var formatted = Format(messy, messy);

            Assert.True(MeaningOf(canonical) == MeaningOf(formatted), $"round {round}:\n{messy}\n=====\n{formatted}");
            Assert.Equal(CommentsOf(messy), CommentsOf(formatted));
            Assert.True(formatted == Format(formatted, formatted), $"round {round}, second pass:\n{formatted}");
            Assert.False(ManyBlankLines().IsMatch(formatted) && !formatted.Contains("|+", StringComparison.Ordinal) && !formatted.Contains(">+", StringComparison.Ordinal), formatted);
        }
    }

    [Fact]
    public void Whatever_can_be_read_is_formatted_without_a_new_finding_or_is_left_with_a_reason()
    {
        const string Insertions = " \t\n\r:-#'\"{}[],|>&*!%@`?~\\$()　：é👍あ1";
        var random = new Random(20_261_125);
        var (formatted, left) = (0, 0);
        for (var round = 0; round < 10_000; round++)
        {
            var text = Bases[random.Next(Bases.Count)].ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Count);
                if (random.Next(3) == 0)
                {
                    text.RemoveRange(at, Math.Min(random.Next(1, 6), text.Count - at));
                }
                else
                {
                    text.Insert(at, Insertions[random.Next(Insertions.Length)]);
                }
            }

            var source = new SourceText("rules/a.yaml", new string([.. text]));
            var formatting = RuleFormatter.Format(source, SomeActions.All);
            if (formatting.Text is { } once)
            {
                formatted++;
                Assert.Equal(once, RuleFormatter.Format(new SourceText("rules/a.yaml", once), SomeActions.All).Text);
                Assert.Equal(CodesOf(source.Text), CodesOf(once));
            }
            else
            {
                Assert.True(formatting.Errors.Count > 0 || formatting.Obstacle is not null);
                left += formatting.Obstacle is null ? 0 : 1;
            }
        }

        Assert.InRange(formatted, 1000, 10_000);
        Assert.True(left < formatted / 50, $"{left} of {formatted} were left");
    }

    // The same expressions, written as loosely as the grammar allows, but on one line: several are their author's layout, and stay.
    private static Dictionary<SourceNode, string> Respelled(SourceNode document, Random random)
    {
        var texts = new Dictionary<SourceNode, string>(ReferenceEqualityComparer.Instance);
        foreach (var rule in ((document as SourceNode.Mapping)?.Find("rules")?.Value as SourceNode.Sequence)?.Entries.OfType<SourceNode.Mapping>() ?? [])
        {
            foreach (var condition in Scalars(rule.Find("when")?.Value).Concat(Scalars(rule.Find("let")?.Value)))
            {
                var node = ExpressionReader.Read(new Findings(condition.Value, new DiagnosticBag()))!;
                var loose = new LooseSpelling(random).Write(node).Replace('\n', ' ').Replace('\t', ' ').Trim();
                texts[condition] = random.Next(3) == 0 ? $"${{ {loose} }}" : loose;
            }
        }

        return texts;
    }

    private static IEnumerable<SourceNode.Scalar> Scalars(SourceNode? node) => node switch
    {
        SourceNode.Scalar scalar => [scalar],
        SourceNode.Sequence list => list.Entries.SelectMany(Scalars),
        SourceNode.Mapping mapping => mapping.Entries.SelectMany(entry => Scalars(entry.Value)),
        _ => [],
    };

    private static string Format(string text, string shown)
    {
        var formatting = RuleFormatter.Format(new SourceText("rules/a.yaml", text), SomeActions.All);
        Assert.True(formatting.Text is not null, $"{formatting.Obstacle}{DiagnosticText.Render(formatting.Errors)}\n{shown}");
        return formatting.Text;
    }

    // The versions of all rules, which are made of everything that they say, the lists, the defaults and the tests.
    private static string MeaningOf(string text)
    {
        var reading = Read(text);
        var set = reading.RuleSet ?? throw new InvalidOperationException(DiagnosticText.Render(reading.Diagnostics));
        return string.Join('\n',
        [
            .. set.Rules.Select(rule => $"{rule.Name} {rule.Hash} {rule.Description}"),
            .. set.Lists.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list => $"{list.Key}: {string.Join('|', list.Value.List.Select(value => value.Text))}"),
            $"{set.Defaults.TimeZone.Id} {set.Defaults.Visibility} {string.Join(' ', set.Defaults.Budgets)}",
            .. reading.Tests.Select(test => SourceJson.Read(test)!.ToJsonString()),
        ]);
    }

    private static string[] CommentsOf(string text) => [.. Comment().Matches(text).Select(comment => comment.Value)];

    private static IEnumerable<string> CodesOf(string text) => Read(text).Diagnostics.Select(finding => finding.Code).Order(StringComparer.Ordinal);

    private static RuleReading Read(string text) => RuleReader.Read([new SourceText("rules/a.yaml", text)], SomeActions.All, (_, _) => "a\nb");

    [GeneratedRegex("# c[0-9]+(\t 日本語 🎉)?", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\n\r?\n\r?\n", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ManyBlankLines();
}
