using System.Text.RegularExpressions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Recipes;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.Recipes;

/// <summary>The recipes: what holds for every one of them. That they read and that their tests pass is asked where the examples are.</summary>
public sealed partial class RecipeTests
{
    private const int FewestTests = 3;

    private const string Head = "# theme: games\n# en: Rolls.\n# ja: 振ります。\n";

    public static TheoryData<string> Names() => [.. RecipeBook.All.Select(recipe => recipe.Name)];

    [Fact]
    public void Every_file_is_part_of_the_program()
    {
        var files = Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "recipes")).Select(Path.GetFileName);

        Assert.Equal(files.Order(StringComparer.Ordinal), RecipeBook.All.Select(recipe => $"{recipe.Name}.yaml").Order(StringComparer.Ordinal));
        Assert.True(RecipeBook.All.Count >= 25);
    }

    [Fact]
    public void Every_theme_has_recipes_and_a_title_in_Japanese() => Assert.All(RecipeTheme.All, theme =>
    {
        Assert.Contains(RecipeBook.All, recipe => recipe.Theme == theme);
        Assert.Contains(theme.Title.Format, Translation.Japanese.Texts);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_explains_itself_in_both_languages(string name)
    {
        var recipe = Find(name);

        Assert.Matches("[぀-ヿ]", recipe.Japanese);
        Assert.InRange(recipe.English.Length, 20, 220);
        Assert.Equal(recipe.English, recipe.In(Translation.English));
        Assert.Equal(recipe.Japanese, recipe.In(Translation.Japanese));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_comments_stand_in_both_languages(string name)
    {
        var recipe = Find(name);
        var comments = recipe.Text.Split('\n').Skip(3).Select(line => Comment.Match(line)).Where(match => match.Success).Select(match => match.Groups["text"].Value);

        Assert.All(comments, comment => Assert.Matches("^[^぀-ヿ]+.* / .*[぀-ヿ一-鿿]", comment));
        Assert.All(RecipeParameters.Of(recipe).Where(parameter => parameter.Comment is not null), parameter =>
            Assert.NotEqual(parameter.CommentIn(Translation.English), parameter.CommentIn(Translation.Japanese)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_has_three_tests_and_each_of_its_rules_has_one(string name)
    {
        var tests = TestsOf(Find(name).Text);

        Assert.True(tests.Count >= FewestTests, $"{name} has {tests.Count} tests");
        Assert.Empty(RecipeAdvice.RulesOf(Find(name)).Rules.Select(rule => rule.Name).Except(tests.SelectMany(test => test.Expectations).Select(expectation => expectation.Rule)));
    }

    // What a recipe means does not hang on what else is in the folder.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_tests_pass_under_other_defaults(string name)
    {
        var text = Find(name).Text + "defaults: { timezone: America/New_York, visibility: followers }\n";

        Assert.All(await RuleFileReading.TestAsync(name, text, TestContext.Current.CancellationToken), result => Assert.True(result.Passed, RuleFileReading.Told(result)));
    }

    // Whoever can make a rule write, follow or mute by an event of theirs can do so again and again.
    [Theory]
    [MemberData(nameof(Names))]
    public void What_others_can_start_has_a_limit(string name) => Assert.All(
        RecipeAdvice.RulesOf(Find(name)).Rules.Where(rule => rule.Name != "report-pile" && rule.Crons.Count == 0 && !rule.Triggers.Contains("note")),
        rule => Assert.NotEmpty(rule.Limits));

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_stand_at_the_top(string name)
    {
        var text = Find(name).Text;
        var lists = text.IndexOf("\nlists:", StringComparison.Ordinal);

        Assert.True(lists < text.IndexOf("\nrules:", StringComparison.Ordinal), "lists before rules");
        Assert.True(text.IndexOf("\ntests:", StringComparison.Ordinal) > text.IndexOf("\nrules:", StringComparison.Ordinal), "tests behind rules");
    }

    [Theory]
    [InlineData("rules: []\n")]
    [InlineData("# en: Rolls.\n# ja: 振ります。\nrules: []\n")]
    [InlineData("# theme: games\n# ja: 振ります。\n# en: Rolls.\nrules: []\n")]
    [InlineData("# theme: games\n# en: Rolls\n# ja: 振ります。\nrules: []\n")]
    [InlineData("# theme: games\n# en: Rolls.\n# ja: 振ります\nrules: []\n")]
    [InlineData("# theme: games\n#en: Rolls.\n# ja: 振ります。\nrules: []\n")]
    [InlineData("# theme: games\n# en: Rolls.\n# ja: 振ります。\n# more\nrules: []\n")]
    [InlineData("\n# theme: games\n# en: Rolls.\n# ja: 振ります。\nrules: []\n")]
    public void A_head_that_is_not_as_it_should_be_is_refused(string text) =>
        Assert.Contains("'dice' must begin with the lines", Assert.Throws<FormatException>(() => Recipe.Read("dice", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_theme_that_there_is_not_is_refused_with_those_that_there_are() => Assert.Equal(
        "The recipe 'dice' has the theme 'gmes'; themes: followers, greetings, games, everyday, notes, safety, server.",
        Assert.Throws<FormatException>(() => Recipe.Read("dice", "# theme: gmes\n# en: Rolls.\n# ja: 振ります。\nrules: []\n")).Message);

    [Fact]
    public void What_it_needs_is_read_from_its_rules()
    {
        var rules = RecipeAdvice.RulesOf(Recipe.Read("a", Head + """
            lists: { words: [a, b] }
            rules:
              - name: a
                on: [mention, userCreated]
                let: { most: 5, longest: 1h30m, word: "'x'", lowered: lower(note.said), total: 1 + 1 }
                do:
                  - http: ${secret.A_HOOK}
                  - http: https://b.example/c
                    headers: { Authorization: "Bearer ${secret.A_TOKEN}" }
                  - dm: hello
              - name: b
                on: reaction
                do:
                  - follow: user
            """));

        Assert.Equal(["lists.words", "most", "longest", "word"], RecipeAdvice.ParametersOf(rules));
        Assert.Equal(["A_HOOK", "A_TOKEN"], RecipeAdvice.SecretsOf(rules));
        Assert.Equal(["write:following", "write:notes"], RecipeAdvice.PermissionsOf(rules));
        Assert.Equal(["mention"], RecipeAdvice.TypesOf(rules, EventOrigin.Webhook));
        Assert.Equal(["userCreated"], RecipeAdvice.TypesOf(rules, EventOrigin.SystemWebhook));
        Assert.Equal(["reaction"], RecipeAdvice.TypesOf(rules, EventOrigin.Notifications));
    }

    private static Recipe Find(string name) => RecipeBook.All.Single(recipe => recipe.Name == name);

    private static IReadOnlyList<RuleTest> TestsOf(string text) =>
        RuleTestReader.Read(RuleReader.Read([new SourceText("a.yaml", text)], ActionTable.Descriptors), ActionTable.Descriptors).Tests;

    [GeneratedRegex(@"(^|\s)# (?<text>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Comment { get; }
}
