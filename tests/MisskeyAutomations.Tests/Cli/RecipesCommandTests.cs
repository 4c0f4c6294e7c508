using System.Text.RegularExpressions;
using MisskeyAutomations.Recipes;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary><c>recipes list</c>, <c>show</c> and <c>add</c>, as their user meets them.</summary>
public sealed partial class RecipesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_list_names_every_recipe_below_its_theme()
    {
        var (exitCode, output, error) = await RunAsync("recipes", "list");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("Followers\n  follow-back-and-thank ", output, StringComparison.Ordinal);
        Assert.All(RecipeBook.All, recipe => Assert.Matches($"\n  {recipe.Name} +{Regex.Escape(recipe.English)}\n", output));
    }

    [Fact]
    public async Task The_list_speaks_the_language_of_the_environment()
    {
        var (exitCode, output, _) = await ProgramRun.ToEndAsync(_folder.Path, new Dictionary<string, string> { ["MISSKEYAUTOMATIONS_LANG"] = "ja" }, "recipes", "list");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("フォロー・フォロワー\n", output, StringComparison.Ordinal);
        Assert.All(RecipeBook.All, recipe => Assert.Contains(recipe.Japanese, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_recipe_is_shown_as_it_is()
    {
        var (exitCode, output, _) = await RunAsync("recipes", "show", "omikuji");

        Assert.Equal((0, RecipeBook.All.Single(recipe => recipe.Name == "omikuji").Text), (exitCode, output));
    }

    [Fact]
    public async Task An_added_recipe_is_a_rule_file_and_what_comes_next_is_told()
    {
        var (exitCode, output, error) = await RunAsync("recipes", "add", "omikuji");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("""
            Added 'rules/omikuji.yaml': Draws a fortune (おみくじ) for whoever asks, once a day; asking again gives a reaction only.

              - Look at its parameters and change them as you like: lists.omikuji, lists.omikuji_lucky.
              - Its hours and days are those of Asia/Tokyo; change 'timezone' where you live elsewhere.
              - The token needs write:notes, write:reactions; 'scopes' asks whether it has them.
              - Tick these events of the webhook in Misskey: mention.
              - Its words are Japanese; write your own where people speak another language.

            Then run 'validate rules' and 'test rules'. An engine that is running on this folder takes the file up within seconds.

            """, output);
        Assert.Equal((0, "1 rule in 1 file: no findings.\n", ""), await RunAsync("validate"));
        Assert.Equal(0, (await RunAsync("test")).ExitCode);
    }

    [Fact]
    public async Task Every_advice_is_told_in_Japanese()
    {
        foreach (var name in (string[])["omikuji", "crosspost-public", "report-triage", "follow-request-triage", "tidy-old-notes", "weekend-poll"])
        {
            var (exitCode, output, _) = await RunAsync("recipes", "add", name, "--lang", "ja");

            Assert.Equal(0, exitCode);
            Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("[぀-ヿ]", line));
        }
    }

    [Fact]
    public async Task Secrets_and_the_webhook_of_administrators_are_asked_for()
    {
        var http = await RunAsync("recipes", "add", "crosspost-public", "--rules", "mine");
        var server = await RunAsync("recipes", "add", "report-triage", "--rules", "mine");
        var shown = await RunAsync("recipes", "add", "tidy-old-notes", "--rules", "mine");
        var noticed = await RunAsync("recipes", "add", "follow-request-triage", "--rules", "mine");

        Assert.Contains("Set the secret CROSSPOST_WEBHOOK: in the environment as MISSKEYAUTOMATIONS__SECRETS__CROSSPOST_WEBHOOK", http.Output, StringComparison.Ordinal);
        Assert.Contains("system webhook of the server's administrators with these events: abuseReport.", server.Output, StringComparison.Ordinal);
        Assert.Contains("add 'account' to its rules", server.Output, StringComparison.Ordinal);
        Assert.Contains("tidy-old-notes only shows what it would do.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("No webhook tells of followRequest: streaming does at once", noticed.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "mine", "report-triage.yaml")));
    }

    [Fact]
    public async Task An_added_recipe_plays_in_the_sandbox_and_a_wait_beyond_today_is_shown_with_its_date()
    {
        await RunAsync("recipes", "add", "tidy-old-notes");

        await using var playing = ProgramRun.Start(_folder.Path, null, "sandbox", "--rules", "rules");
        await Eventually.HoldsAsync(() => playing.HasExited || Waits.IsMatch(playing.Output), "its wait is shown");
        await playing.TerminateAsync();

        Assert.Equal((0, ""), (await playing.ExitCodeAsync(), playing.Error));
        Assert.Matches(Waits, playing.Output);
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_overwritten()
    {
        _folder.Write("rules/omikuji.yaml", "rules: []\n");

        var (exitCode, output, error) = await RunAsync("recipes", "add", "omikuji");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("misskey-automations: There is a file 'rules/omikuji.yaml' already; nothing was changed.", error, StringComparison.Ordinal);
        Assert.Equal("rules: []\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "rules/omikuji.yaml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_with_both_places()
    {
        _folder.Write("rules/mine.yaml", "rules:\n  - name: omikuji\n    on: mention\n    do:\n      - react: 👍\n");

        var (exitCode, output, error) = await RunAsync("recipes", "add", "omikuji");

        Assert.Equal(1, exitCode);
        Assert.Contains("error MKA1107: there is a rule named 'omikuji' already", output, StringComparison.Ordinal);
        Assert.Contains("rules/omikuji.yaml:", output, StringComparison.Ordinal);
        Assert.Contains("first at rules/mine.yaml:2:11", output, StringComparison.Ordinal);
        Assert.Contains("does not go with the rules in 'rules'; nothing was changed.", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "rules/omikuji.yaml")));
    }

    [Fact]
    public async Task A_list_that_is_taken_is_told_too()
    {
        _folder.Write("rules/mine.yaml", "lists: { omikuji: [大吉] }\n");

        var (exitCode, output, _) = await RunAsync("recipes", "add", "omikuji");

        Assert.Equal(1, exitCode);
        Assert.Contains("'omikuji'", output, StringComparison.Ordinal);
        Assert.Contains("rules/mine.yaml:1:10", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_that_were_there_before_hold_nobody_up()
    {
        _folder.Write("rules/mine.yaml", "rules:\n  - name: broken\n    on: mentoin\n    do:\n      - react: 👍\n");

        var (exitCode, output, _) = await RunAsync("recipes", "add", "omikuji");

        Assert.Equal(0, exitCode);
        Assert.EndsWith("The other files have errors, so that no rule of this folder is taken up until they are mended.\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add", "omikuzi", "There is no recipe 'omikuzi'. Did you mean 'omikuji'?")]
    [InlineData("show", "Omi-Kuji", "There is no recipe 'Omi-Kuji'. Did you mean 'omikuji'?")]
    [InlineData("show", "nothing-of-this-kind", "There is no recipe 'nothing-of-this-kind'. 'recipes list' names them all.")]
    public async Task A_name_that_there_is_not_gets_the_nearest(string command, string name, string sentence)
    {
        var (exitCode, output, error) = await RunAsync("recipes", command, name);

        Assert.Equal((64, "", $"misskey-automations: {sentence}\n"), (exitCode, output, error));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "rules")));
    }

    [Fact]
    public async Task The_place_must_be_a_folder()
    {
        _folder.Write("mine.yaml", "rules: []\n");

        var (exitCode, _, error) = await RunAsync("recipes", "add", "omikuji", "--rules", "mine.yaml");

        Assert.Equal((78, "misskey-automations: 'mine.yaml' is a file. Name the folder that the recipe goes into.\n"), (exitCode, error));
    }

    [Fact]
    public async Task All_recipes_go_into_one_folder()
    {
        foreach (var recipe in RecipeBook.All)
        {
            _folder.Write($"rules/{recipe.Name}.yaml", recipe.Text);
        }

        var (exitCode, output, _) = await RunAsync("test");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"(?m)^[0-9]+ passed, 0 failed, [0-9.]+ s$", output);
    }

    [GeneratedRegex(@"tidy-old-notes waits until \d{4}-\d\d-\d\d \d\d:\d\d \(after\)", RegexOptions.None, 60_000)]
    private static partial Regex Waits { get; }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => ProgramRun.ToEndAsync(_folder.Path, null, arguments);
}
