using System.Reflection;

namespace MisskeyAutomations.Recipes;

/// <summary>The recipes that this program brings along.</summary>
internal static class RecipeBook
{
    private const string Folder = "recipes/";
    private const string Extension = ".yaml";

    /// <summary>All of them: by theme, and by name within each.</summary>
    public static IReadOnlyList<Recipe> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(Read)
            .OrderBy(recipe => RecipeTheme.All.TakeWhile(theme => theme != recipe.Theme).Count())
            .ThenBy(recipe => recipe.Name, StringComparer.Ordinal),
    ];

    private static Recipe Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return Recipe.Read(resource[Folder.Length..^Extension.Length], reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
