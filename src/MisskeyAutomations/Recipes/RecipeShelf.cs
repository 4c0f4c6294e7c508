using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Recipes;

/// <summary>Puts recipes into a rules folder. Whatever is there is never overwritten.</summary>
internal static class RecipeShelf
{
    /// <summary>Where a recipe goes in a folder.</summary>
    public static string PathOf(Recipe recipe, string folder) => Path.Combine(folder, $"{recipe.Name}.yaml");

    /// <summary>What keeps a recipe from going there; null when nothing does.</summary>
    public static Phrase? Obstacle(Recipe recipe, string folder) =>
        File.Exists(folder) ? Phrase.Of($"'{folder}' is a file. Name the folder that the recipe goes into.")
        : Path.Exists(PathOf(recipe, folder)) ? Phrase.Of($"There is a file '{PathOf(recipe, folder)}' already; nothing was changed. Rename it, or take what you need from 'recipes show {recipe.Name}'.")
        : null;

    /// <summary>The errors that the rules of a folder would have with a recipe's text, and have not without it.</summary>
    public static IReadOnlyList<Diagnostic> ClashesOf(RuleFolder folder, RuleReading before, string path, string text) =>
        [.. ErrorsOf(folder.Read(new SourceText(path, text))).ExceptBy(ErrorsOf(before).Select(PlaceOf), PlaceOf)];

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written, or somebody put a file there meanwhile; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private static IEnumerable<Diagnostic> ErrorsOf(RuleReading reading) => reading.Diagnostics.Where(finding => finding.Severity == Severity.Error);

    private static (string, string, TextSpan) PlaceOf(Diagnostic finding) => (finding.Code, finding.Source.Path, finding.Span);
}
