using System.CommandLine;
using System.CommandLine.Completions;
using MisskeyAutomations.Recipes;

namespace MisskeyAutomations.Cli;

/// <summary>Names that depend on what the user has: they are looked up when a shell asks for them.</summary>
internal static class Completions
{
    /// <summary>The names of the accounts in the settings.</summary>
    public static Func<CompletionContext, IEnumerable<string>> AccountNames { get; } =
        ForShells(_ => KnownAccounts.NamesOf(EngineSettings.Read(null, null, null)) ?? []);

    /// <summary>The names of the recipes.</summary>
    public static Func<CompletionContext, IEnumerable<string>> RecipeNames { get; } = ForShells(_ => RecipeBook.All.Select(recipe => recipe.Name));

    /// <summary>The names of the rules in the folder that the command line names; none where they have errors.</summary>
    public static Func<CompletionContext, IEnumerable<string>> RuleNames(Option<string?> rules) => ForShells(context =>
    {
        var folder = RuleFolders.Open(EngineSettings.ReadRules(context.ParseResult.GetValue(rules)), EngineSettings.ReadAllowAdmin());
        return folder.Read().RuleSet?.Rules.Select(rule => rule.Name) ?? [];
    });

    /// <summary>Names for shells alone: help and the correction of misspelt words ask for completions too, without a line, and would show them.</summary>
    public static Func<CompletionContext, IEnumerable<string>> ForShells(Func<CompletionContext, IEnumerable<string>> names) =>
        context => context is TextCompletionContext ? names(context) : [];
}
