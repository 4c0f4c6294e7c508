using System.Text.RegularExpressions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Cli;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>
/// The tables between <c>&lt;!-- table: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c> are those of the code. Run with
/// <c>MKA_DOCS=write</c> to rewrite them, and read the difference.
/// </summary>
[Collection(nameof(Document))]
public sealed partial class TableTests
{
    [Fact]
    public void Tables_on_the_pages_are_those_of_the_code()
    {
        // As they are now: other tests may just have rewritten a page.
        foreach (var page in Document.All.Select(page => Document.Read(page.Path)))
        {
            var text = Marked.Replace(page.Text, match => $"{match.Groups["begin"].Value}\n\n{Tables.All[match.Groups["name"].Value]()}\n{match.Groups["end"].Value}");

            if (Environment.GetEnvironmentVariable("MKA_DOCS") == "write" && text != page.Text)
            {
                page.Write(text);
            }

            Assert.Equal(text, Document.Read(page.Path).Text);
        }
    }

    [Fact]
    public void Every_table_is_on_a_page()
    {
        var shown = Document.All.SelectMany(page => Marked.Matches(page.Text)).Select(match => match.Groups["name"].Value);

        Assert.Equal(Tables.All.Keys.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_step_has_an_example()
    {
        var examples = Document.All.SelectMany(page => page.Blocks()).Where(block => block.IsRuleFile).Select(block => block.Whole)
            .Concat(Directory.EnumerateFiles(Path.Combine(Architecture.SourceFiles.Root, "rules"), "*.yaml").Select(File.ReadAllText)).ToArray();

        var missing = ActionTable.Descriptors.Select(step => step.Name)
            .Where(name => !examples.Any(text => Regex.IsMatch(text, $@"^\s*- {name}: ", RegexOptions.Multiline, TimeSpan.FromSeconds(1))));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_trigger_has_an_example()
    {
        var used = Document.All.SelectMany(page => page.Blocks()).Where(block => block.IsRuleFile)
            .SelectMany(block => RuleFileReading.Read(block.ToString(), block.Whole).RuleSet!.Rules).SelectMany(rule => rule.Triggers).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(EventTypes.All.Select(type => type.Name).Except(used));
    }

    [Fact]
    public void Every_key_of_rules_limits_and_defaults_is_explained()
    {
        var rules = Document.Read("docs/rules.md").Text;
        string[] wrong =
        [
            "strange: 1\nrules: []",
            "rules:\n  - { name: a, on: mention, do: stop, strange: 1 }",
            "rules:\n  - { name: a, on: mention, do: stop, limit: { max: 1, within: 1d, strange: 1 } }",
            "defaults: { strange: 1 }",
            "defaults: { budget: { strange: 1 } }",
            "defaults: { replies: { strange: 1 } }",
            "rules:\n  - { name: a, on: mention, do: stop, when: { strange: true } }",
        ];

        // The finding about a key that does not exist names those that do.
        var keys = wrong.Select(text => Assert.Single(RuleFileReading.Read("a.yaml", text).Diagnostics).Note!.ToString())
            .SelectMany(note => note.Split(": ", 2)[1].Split(", ")).Distinct(StringComparer.Ordinal).ToArray();

        Assert.True(keys.Length > 25);
        Assert.All(keys, key => Assert.True(rules.Contains($"`{key}`", StringComparison.Ordinal) || rules.Contains($"`{key}:", StringComparison.Ordinal), key));
    }

    [Fact]
    public void Every_gate_is_explained()
    {
        var rules = Document.Read("docs/rules.md").Text;

        Assert.All(ConstantsOf<string>(typeof(Gates)), gate => Assert.True(rules.Contains($"| `{gate}` |", StringComparison.Ordinal), gate));
    }

    [Fact]
    public void Every_state_is_explained()
    {
        var architecture = Document.Read("docs/architecture.md").Text;
        Type[] states = [typeof(RunState), typeof(StepState), typeof(WaitReason), typeof(MisskeyAutomations.Inbox.DeliveryState)];

        var names = states.SelectMany(Enum.GetNames).Except(["None"]).Select(name => name.ToLowerInvariant());

        Assert.All(names, name => Assert.True(architecture.Contains($"`{name}`", StringComparison.Ordinal), name));
    }

    [Fact]
    public void Every_exit_code_is_explained()
    {
        var operating = Document.Read("docs/operating.md").Text;

        Assert.All(ConstantsOf<int>(typeof(ExitCodes)), code => Assert.True(operating.Contains($"| {code} |", StringComparison.Ordinal), code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Every_command_and_option_is_explained()
    {
        var operating = Document.Read("docs/operating.md").Text;

        var names = Architecture.SourceFiles.All("src/MisskeyAutomations/Cli").SelectMany(file => CommandOrOption.Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToArray();

        Assert.Contains("sandbox", names);
        Assert.Contains("--rules", names);
        Assert.All(names, name => Assert.True(operating.Contains($"`{name}", StringComparison.Ordinal), name));
    }

    private static IEnumerable<T> ConstantsOf<T>(Type type) => type.GetFields()
        .Where(field => field.IsLiteral).Select(field => (T)field.GetRawConstantValue()!);

    [GeneratedRegex("""\("(?<name>--[a-z-]+)"|new Command\("(?<name>[a-z]+)",""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex CommandOrOption { get; }

    [GeneratedRegex("(?<begin><!-- table: (?<name>[a-z-]+) -->)\n.*?(?<end><!-- end -->)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Marked { get; }
}
