using System.Text.Json;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Editors;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Docs;
using NJsonSchema;

namespace MisskeyAutomations.Tests.Editors;

/// <summary>The schema takes what reading takes, and refuses what an editor can know to be wrong.</summary>
public sealed class EditorSchemaTests
{
    private const string Committed = "rules/.schema.json";

    private static readonly Task<JsonSchema> Schema = JsonSchema.FromJsonAsync(SchemaCommand.Write(null));

    [Fact]
    public void The_schema_beside_the_examples_is_the_one_that_is_printed()
    {
        var path = Path.Combine(SourceFiles.Root, Committed);
        if (Environment.GetEnvironmentVariable("MKA_DOCS") == "write")
        {
            File.WriteAllText(path, SchemaCommand.Write(null));
        }

        Assert.Equal(SchemaCommand.Write(null), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    public static TheoryData<string> Examples() => [.. Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "rules"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => Path.GetRelativePath(SourceFiles.Root, file))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_valid(string path) =>
        await AssertValidAsync(path, File.ReadAllText(Path.Combine(SourceFiles.Root, path)));

    public static TheoryData<string> Pages() => [.. Document.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_rule_on_a_page_is_valid(string path)
    {
        foreach (var block in Document.Read(path).Blocks().Where(block => block.IsRuleFile))
        {
            await AssertValidAsync(block.ToString(), block.Whole);
        }
    }

    [Fact]
    public async Task Every_case_of_rule_files_that_reads_without_errors_is_valid()
    {
        var taken = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Engine.Tests", "Rules", "Golden"), "*.yaml"))
        {
            foreach (var text in File.ReadAllText(file).ReplaceLineEndings("\n").Split("# --- ").Skip(1).Select(one => one[one.IndexOf('\n', StringComparison.Ordinal)..]))
            {
                if (RuleFileReading.Findings(file, text).All(finding => finding.Severity == Severity.Warning))
                {
                    taken++;
                    await AssertValidAsync(Path.GetFileName(file), text);
                }
            }
        }

        Assert.InRange(taken, 10, int.MaxValue);
    }

    [Theory]
    [InlineData("rulez: []")]
    [InlineData("- name: a")]
    [InlineData("rules: { name: a }")]
    [InlineData("rules: [ { name: a, on: mention } ]")]
    [InlineData("rules: [ { name: a, do: stop } ]")]
    [InlineData("rules: [ { name: a b, on: mention, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mentoin, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: [], do: stop } ]")]
    [InlineData("rules: [ { name: a, on: { timeline: global }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: { cron: '0 8 * * *', zone: UTC }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: { cron: '0 8 * * *', missed: often }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, wen: user.isBot, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, when: { al: user.isBot }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, when: , do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, enabled: yes, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, include: everybody, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, overlap: wait, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, overlap: queue per host, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, limit: 1 per user, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, limit: 1 per person per day, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, limit: { max: 1 }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, limit: { max: 1, within: 1d, over: wait }, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, after: 5, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, after: 5 minutes, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, late: 1h..2h, do: stop } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: [] } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: finish } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { replay: x } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: { cw: x } } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, note: y } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, channel: y } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, visibility: friends } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, local-only: yes } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, poll: { multiple: true } } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { reply: x, delivery: perhaps } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { log: x, delivery: at-most-once } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { log: x, as: y } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { clip: note } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { mute: user, expires: 7 } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { api: Notes/Create } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { http: example.com } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { http: 'https://example.com', method: FETCH } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { if: user.isBot } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { for-each: note.files, do: stop } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { wait: 5 } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { wait-for: reply } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { set: x } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { set: { x: 1 }, per: account } } ]")]
    [InlineData("lists: { ng-words: [a] }")]
    [InlineData("lists: { words: a }")]
    [InlineData("lists: { words: { path: a.txt } }")]
    [InlineData("defaults: { zone: UTC }")]
    [InlineData("defaults: { visibility: friends }")]
    [InlineData("defaults: { budget: { nots: 1 per 1h } }")]
    [InlineData("defaults: { budget: { notes: 1 per hour } }")]
    [InlineData("defaults: { replies: { per-host: 1 per 1h } }")]
    [InlineData("tests: [ { name: t, given: { pass: 1h } } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: nothing }, when: 1 } ]")]
    [InlineData("tests: [ { name: t, given: { pass: soon }, expect: { a: nothing } } ]")]
    [InlineData("tests: [ { name: t, given: { mentoin: { user: { username: a } } }, expect: { a: nothing } } ]")]
    [InlineData("tests: [ { name: t, given: { followed: { note: { text: a } } }, expect: { a: nothing } } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: something } } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: { skipped: bot } } } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: [ { replay: x } ] } } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: nothing }, at: '2026-05-01 08:00' } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: nothing }, random: 2 } ]")]
    [InlineData("tests: [ { name: t, given: { pass: 1h }, expect: { a: nothing }, lookups: { users/shwo: {} } } ]")]
    public async Task What_is_wrong_is_refused_by_the_schema_and_by_reading(string text)
    {
        var schema = await Schema;

        Assert.Contains(PlainJson.Read(text), document => schema.Validate(document).Count > 0);
        Assert.True(IsRefused(text), "reading takes it");
    }

    [Fact]
    public void Everything_is_explained_in_both_languages()
    {
        var english = TextsIn(Write(Translation.English));

        Assert.All(TextsIn(Write(Translation.Japanese)), text => Assert.True(text.Any(character => character > 0x3000), $"Editors/ja.po lacks: {text}"));
        Assert.All(EditorTexts.In(Translation.Japanese), pair => Assert.Contains(english, text => text.Split("\n\n")[0] == pair.Key));
        Assert.All(EditorTexts.In(Translation.Japanese), pair => Assert.Equal(pair.Key, Phrase.Of(pair.Key).In(Translation.Japanese)));
        Assert.Contains(TextsIn(SchemaCommand.Write(null)), text => text.StartsWith("someone follows me\n", StringComparison.Ordinal) && text.Contains("フォロー", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rules: [ { name: 2026, on: mention, enabled: 'true', include: [], limit: { max: '3', within: day }, do: stop } ]")]
    [InlineData("rules: [ { name: true, on: [ mention, { hashtag: 2026 } ], when: true, let: { x: 5 }, do: [ { reply: 5 }, stop ] } ]")]
    [InlineData("rules:\ntests:\n")]
    [InlineData("rules: [ { name: a, on: { cron: 0 8 * * * }, do: { wait-until: 08:00 } } ]")]
    [InlineData("rules: [ { name: a, on: mention, do: { dm: x, to: [ user, '@a@b.example' ], poll: { choices: '${lists.x}', expires: 1d } } } ]\n---\nlists: { x: [ 1, true ] }")]
    public async Task What_is_right_in_an_unusual_way_is_valid(string text)
    {
        Assert.DoesNotContain(RuleFileReading.Findings("rules/a.yaml", text), finding => finding.Severity == Severity.Error);
        await AssertValidAsync(text, text);
    }

    [Fact]
    public async Task Every_document_of_a_file_is_a_file_of_its_own_to_the_schema()
    {
        var schema = await Schema;

        var documents = PlainJson.Read("rules: [ { name: a, on: mention, do: stop } ]\n---\nlists: { a: [b] }\n---\nlsits: { a: [b] }\n");

        Assert.Equal([0, 0, 1], documents.Select(document => schema.Validate(document).Count));
    }

    // A test needs a rule to speak of.
    private static bool IsRefused(string text)
    {
        var whole = text.StartsWith("tests:", StringComparison.Ordinal) ? "rules: [ { name: a, on: mention, do: stop } ]\n" + text : text;
        return RuleFileReading.Findings("rules/a.yaml", whole).Any(finding => finding.Severity == Severity.Error);
    }

    private static string Write(Translation language) => EditorSchema.Write(ActionTable.For(allowAdmin: false), [language]);

    private static async Task AssertValidAsync(string place, string yaml)
    {
        var schema = await Schema;
        foreach (var document in PlainJson.Read(yaml).Where(document => document != "null"))
        {
            var errors = schema.Validate(document);
            Assert.True(errors.Count == 0, $"{place}\n{string.Join('\n', errors)}");
        }
    }

    private static List<string> TextsIn(string schema)
    {
        var texts = new List<string>();
        Gather(JsonDocument.Parse(schema).RootElement, isProperties: false, texts);
        return texts;
    }

    // Below 'properties', 'description' is the name of one.
    private static void Gather(JsonElement element, bool isProperties, List<string> texts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!isProperties && property.Name is "description" or "errorMessage" && property.Value.ValueKind == JsonValueKind.String)
                    {
                        texts.Add(property.Value.GetString()!);
                    }
                    else if (!isProperties && property.Name == "enumDescriptions")
                    {
                        texts.AddRange(property.Value.EnumerateArray().Select(text => text.GetString()!));
                    }
                    else
                    {
                        Gather(property.Value, property.Name is "properties" or "definitions", texts);
                    }
                }

                break;
            case JsonValueKind.Array:
                foreach (var entry in element.EnumerateArray())
                {
                    Gather(entry, isProperties: false, texts);
                }

                break;
        }
    }
}
