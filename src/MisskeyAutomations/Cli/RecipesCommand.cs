using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Recipes;

namespace MisskeyAutomations.Cli;

/// <summary><c>recipes list</c>, <c>show NAME</c>, <c>add NAME</c>: rule files to begin with, which are part of the program.</summary>
internal static class RecipesCommand
{
    public static Command Describe() => new("recipes", "Rule files to begin with: list them, show one, add one to your rules")
    {
        List(),
        Show(),
        Add(),
    };

    private static Command List()
    {
        var lang = Languages.Option();
        var command = new Command("list", "List the recipes by what they are about") { lang };
        command.SetAction(parsed => PrintList(Languages.Of(parsed)));
        return command;
    }

    private static Command Show()
    {
        var name = Name();
        var lang = Languages.Option();
        var command = new Command("show", "Print a recipe as it would be added") { name, lang };
        command.SetAction(parsed => Console.Out.Write(Find(parsed.GetRequiredValue(name)).Text));
        return command;
    }

    private static Command Add()
    {
        var name = Name();
        var rules = CommonOptions.Rules();
        var lang = Languages.Option();
        var command = new Command("add", "Copy a recipe into the rules folder and say what to do next") { name, rules, lang };
        command.SetAction(parsed =>
        {
            var language = Languages.Of(parsed);
            return Run(Find(parsed.GetRequiredValue(name)), EngineSettings.ReadRules(parsed.GetValue(rules)), language);
        });
        return command;
    }

    private static Argument<string> Name()
    {
        var name = new Argument<string>("NAME") { Description = "The recipe's name" };
        name.CompletionSources.Add(Completions.RecipeNames);
        return name;
    }

    private static void PrintList(Translation language)
    {
        var width = RecipeBook.All.Max(recipe => recipe.Name.Length);
        foreach (var theme in RecipeBook.All.GroupBy(recipe => recipe.Theme))
        {
            Console.WriteLine(theme.Key.Title.In(language));
            foreach (var recipe in theme)
            {
                Console.WriteLine($"  {recipe.Name.PadRight(width)}  {recipe.In(language)}");
            }

            Console.WriteLine();
        }

        Console.WriteLine(Phrase.Of($"'recipes show NAME' prints one, 'recipes add NAME' copies it into your rules.").In(language));
    }

    private static int Run(Recipe recipe, string path, Translation language)
    {
        if (RecipeShelf.Obstacle(recipe, path) is { } obstacle)
        {
            throw new CommandFailure(File.Exists(path) ? ExitCodes.Configuration : ExitCodes.Findings, obstacle);
        }

        Directory.CreateDirectory(path);
        var (folder, target) = (RuleFolders.Open(path, EngineSettings.ReadAllowAdmin()), RecipeShelf.PathOf(recipe, path));
        var before = folder.Read();
        var clashes = RecipeShelf.ClashesOf(folder, before, target, recipe.Text);
        if (clashes.Count > 0)
        {
            DiagnosticPrinter.Print(clashes, folder.List().Count + 1, language);
            throw new CommandFailure(ExitCodes.Findings, $"The recipe '{recipe.Name}' does not go with the rules in '{path}'; nothing was changed.");
        }

        RecipeShelf.Write(target, recipe.Text);
        PrintAdded(recipe, target, before, language);
        return ExitCodes.Done;
    }

    private static void PrintAdded(Recipe recipe, string target, RuleReading before, Translation language)
    {
        Console.WriteLine(Phrase.Of($"Added '{target}': {recipe.In(language)}").In(language));
        Console.WriteLine();
        foreach (var advice in RecipeAdvice.For(recipe, language))
        {
            Console.WriteLine($"  - {advice.In(language)}");
        }

        Console.WriteLine();
        Console.WriteLine(Phrase.Of($"Then run 'validate {Path.GetDirectoryName(target)}' and 'test {Path.GetDirectoryName(target)}'. An engine that is running on this folder takes the file up within seconds.").In(language));
        if (before.RuleSet is null)
        {
            Console.WriteLine(Phrase.Of($"The other files have errors, so that no rule of this folder is taken up until they are mended.").In(language));
        }
    }

    private static Recipe Find(string name) =>
        RecipeBook.All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw (NearestName.Find(name, RecipeBook.All.Select(recipe => recipe.Name)) is { } nearest
            ? new CommandFailure(ExitCodes.Usage, $"There is no recipe '{name}'. Did you mean '{nearest}'?")
            : new CommandFailure(ExitCodes.Usage, $"There is no recipe '{name}'. 'recipes list' names them all."));
}
