using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Recipes;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>The table of the recipes: what each says of itself, and what its rules need.</summary>
internal static class RecipeTable
{
    public static string Write() => Tables.Table(
        ["recipe", "what it does", "in Japanese", "started by", "needs"],
        RecipeBook.All.GroupBy(recipe => recipe.Theme).SelectMany(theme =>
            theme.Select(Row).Prepend([$"**{theme.Key.Title}**", "", "", "", ""])));

    private static string[] Row(Recipe recipe)
    {
        var rules = RecipeAdvice.RulesOf(recipe);
        return
        [
            $"[`{recipe.Name}`](../recipes/{recipe.Name}.yaml)", recipe.English, recipe.Japanese,
            Code(rules.Rules.SelectMany(rule => rule.Triggers).Distinct(StringComparer.Ordinal)),
            Code([.. RecipeAdvice.PermissionsOf(rules), .. RecipeAdvice.SecretsOf(rules).Select(secret => $"secret.{secret}")]) + Sources(rules),
        ];
    }

    private static string Sources(RuleSet rules) =>
        RecipeAdvice.TypesOf(rules, EventOrigin.SystemWebhook).Length > 0 ? " [system webhook](operating.md#webhooks-of-administrators)"
        : RecipeAdvice.TypesOf(rules, EventOrigin.Notifications).Length > 0 ? " [streaming or catching up](operating.md#where-events-come-from)"
        : RecipeAdvice.TypesOf(rules, EventOrigin.Engine).Length > 0 ? " [comparing followers](operating.md#who-left)" : "";

    private static string Code(IEnumerable<string> names) => string.Join(' ', names.Select(name => $"`{name}`"));
}
