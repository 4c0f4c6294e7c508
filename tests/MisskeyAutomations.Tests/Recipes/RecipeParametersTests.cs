using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Recipes;

namespace MisskeyAutomations.Tests.Recipes;

/// <summary>Values of recipes: found in the text, checked, and written where the former ones stood.</summary>
public sealed class RecipeParametersTests
{
    private static readonly Recipe Sample = Recipe.Read("a", """
        # theme: games
        # en: Rolls.
        # ja: 振ります。
        lists:
          words: [a, b]     # said by people
          lines:            # by chance
            - one
            - "two, or three"

        rules:
          - name: a
            on: mention
            timezone: Asia/Tokyo
            let:
              most: 5          # of one person
              longest: 1h30m
              word: "'x'"
              lowered: lower(note.said)
            do:
              - reply: ${word} ${most} ${lowered} ${pick('a', lists.words)} ${pick('a', lists.lines)}

        tests:
          - name: "timezone: Asia/Tokyo"
            given: { mention: { note: { text: hi } } }
            expect: { a: { skipped: when } }

        """.ReplaceLineEndings("\n"));

    public static TheoryData<string> Names() => [.. RecipeBook.All.Select(recipe => recipe.Name)];

    [Fact]
    public void They_are_found_with_what_stands_beside_them() => Assert.Equal(
        [
            new("lists.words", ParameterKind.List, "a\nb", "said by people"),
            new("lists.lines", ParameterKind.List, "one\ntwo, or three", "by chance"),
            new("most", ParameterKind.Number, "5", "of one person"),
            new("longest", ParameterKind.Duration, "1h30m", null),
            new("word", ParameterKind.Text, "x", null),
            new("timezone", ParameterKind.Zone, "Asia/Tokyo", null),
        ],
        RecipeParameters.Of(Sample));

    [Fact]
    public void Other_values_stand_where_the_former_ones_stood_and_all_else_stays()
    {
        var text = RecipeParameters.Fill(Sample, Values(("lists.words", " c \r\n\r\ntrue\r\nd: \"e\"\r\n"), ("lists.lines", "four"), ("most", "0.5"), ("longest", "7d"), ("word", "こんにちは"), ("timezone", "Europe/Berlin")), out var flaws);

        Assert.Empty(flaws);
        Assert.Equal(
            Sample.Text.Replace("[a, b]", "[c, \"true\", \"d: \\\"e\\\"\"]", StringComparison.Ordinal)
                .Replace("  lines:            # by chance\n    - one\n    - \"two, or three\"\n", "  lines: [four]            # by chance\n", StringComparison.Ordinal)
                .Replace("most: 5", "most: 0.5", StringComparison.Ordinal).Replace("1h30m", "7d", StringComparison.Ordinal).Replace("'x'", "'こんにちは'", StringComparison.Ordinal)
                .Replace("    timezone: Asia/Tokyo", "    timezone: Europe/Berlin", StringComparison.Ordinal),
            text);
    }

    [Theory]
    [InlineData("most", "five", "'five' is no number. Write it like 5 or 0.5.")]
    [InlineData("most", "5 # x", "'5 # x' is no number. Write it like 5 or 0.5.")]
    [InlineData("longest", "10", "'10' is no duration. Write it like 30s, 10m, 1h30m or 7d.")]
    [InlineData("word", "it's", "Quotation marks, backslashes and line ends cannot be written here. Add the recipe, then edit the file.")]
    [InlineData("word", "a\nb", "Quotation marks, backslashes and line ends cannot be written here. Add the recipe, then edit the file.")]
    [InlineData("lists.words", " \n ", "At least one line must stand here.")]
    [InlineData("timezone", "Mars/Base", "'Mars/Base' is no time zone. Write it like Asia/Tokyo or Europe/Berlin.")]
    public void What_does_not_fit_is_refused(string name, string value, string sentence)
    {
        RecipeParameters.Fill(Sample, Values((name, value)), out var flaws);

        Assert.Equal((name, sentence), (Assert.Single(flaws).Key, flaws[name].ToString()));
    }

    // The form shows what the rules read, and whatever it shows can be sent back.
    [Theory]
    [MemberData(nameof(Names))]
    public void The_form_of_a_recipe_is_what_its_rules_say(string name)
    {
        var recipe = RecipeBook.All.Single(recipe => recipe.Name == name);
        var parameters = RecipeParameters.Of(recipe);

        Assert.Equal(RecipeAdvice.ParametersOf(RecipeAdvice.RulesOf(recipe)).Order(StringComparer.Ordinal), parameters.Where(parameter => parameter.Kind != ParameterKind.Zone).Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        Assert.Equal(recipe.Text, RecipeParameters.Fill(recipe, parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Replace("\n", "\r\n", StringComparison.Ordinal)), out _));
        foreach (var list in parameters.Where(parameter => parameter.Kind == ParameterKind.List))
        {
            var text = RecipeParameters.Fill(recipe, Values((list.Name, list.Value + "\nz: 'y' # \\ \"x\"")), out _);
            var read = RuleReader.Read([new SourceText("a.yaml", text)], ActionTable.For(allowAdmin: true)).RuleSet!.Lists[list.Name["lists.".Length..]];
            Assert.Equal([.. list.Value.Split('\n'), "z: 'y' # \\ \"x\""], read.List.Select(item => item.ToText()));
        }
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value);
}
