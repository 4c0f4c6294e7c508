using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.RulePages;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Recipes;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Dashboard.RecipePages;

/// <summary>The recipes: all of them, and each with its parameters, to be looked at and added to the rules.</summary>
internal static partial class RecipeEndpoints
{
    /// <summary>What the names of fields for parameters begin with.</summary>
    public const string Field = "value-";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/recipes", () => new RazorComponentResult<RecipesPage>());
        routes.MapGet("/recipes/{name}", Open);
        routes.MapPost("/recipes/{name}/look", LookAsync);
        routes.MapPost("/recipes/{name}/add", Add);
    }

    /// <summary>The recipe of this name; null when there is none.</summary>
    public static Recipe? Find(string name) => RecipeBook.All.FirstOrDefault(recipe => recipe.Name == name);

    private static readonly Dictionary<string, string> Empty = [];

    private static IResult Open(string name, string? told) => Find(name) is { } recipe
        ? new RazorComponentResult<RecipePage>(new { Draft = new RecipeDraft(name, Empty, recipe.Text), IsAdded = told == "added" }) : NotFoundPage.Answer();

    private static async Task<IResult> LookAsync(string name, IFormCollection form, RuleFolder folder, CancellationToken cancellationToken)
    {
        if (Read(name, form) is not { } draft)
        {
            return NotFoundPage.Answer();
        }

        if (draft.Flaws.Count > 0)
        {
            return Show(draft);
        }

        var path = RecipeShelf.PathOf(Find(name)!, folder.Path);
        var reading = RuleReader.Read([new SourceText(path, draft.Text)], ActionTable.For(allowAdmin: true));
        if (reading.RuleSet is null)
        {
            return Show(draft with { Clashes = [.. reading.Diagnostics.Where(finding => finding.Severity == Severity.Error)] });
        }

        var (results, _) = await RuleShelf.TestAsync(reading, new RuleFile("", name, path), cancellationToken);
        return Show(draft with { FailedTests = [.. results.Where(result => !result.Passed).Select(result => result.Test.Name)] }, status: StatusCodes.Status200OK);
    }

    private static IResult Add(string name, IFormCollection form, RuleFolder folder, ILoggerFactory loggers)
    {
        if (Read(name, form) is not { } draft)
        {
            return NotFoundPage.Answer();
        }

        if (draft.Flaws.Count > 0)
        {
            return Show(draft);
        }

        var (recipe, own) = (Find(name)!, folder.Again());
        if (RecipeShelf.Obstacle(recipe, folder.Path) is { } obstacle)
        {
            return Show(draft, obstacle, StatusCodes.Status409Conflict);
        }

        var path = RecipeShelf.PathOf(recipe, folder.Path);
        try
        {
            if (RecipeShelf.ClashesOf(own, own.Read(), path, draft.Text) is { Count: > 0 } clashes)
            {
                return Show(draft with { Clashes = clashes }, Phrase.Of($"The recipe '{name}' does not go with the rules in '{folder.Path}'; nothing was changed."));
            }

            RecipeShelf.Write(path, draft.Text);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return Show(draft, Phrase.Of($"The recipe cannot be written: {trouble.Message} Let the engine's user write the folder {folder.Path}, or put the text below there yourself."));
        }

        LogAdded(loggers.CreateLogger(typeof(RecipeEndpoints).FullName!), name, path);
        return Results.LocalRedirect($"/recipes/{name}?told=added");
    }

    private static RecipeDraft? Read(string name, IFormCollection form)
    {
        if (Find(name) is not { } recipe)
        {
            return null;
        }

        var values = form.Where(field => field.Key.StartsWith(Field, StringComparison.Ordinal))
            .ToDictionary(field => field.Key[Field.Length..], field => field.Value.ToString(), StringComparer.Ordinal);
        var text = RecipeParameters.Fill(recipe, values, out var flaws);
        return new(name, values, text) { Flaws = flaws };
    }

    private static RazorComponentResult<RecipePage> Show(RecipeDraft draft, Phrase? trouble = null, int status = StatusCodes.Status422UnprocessableEntity) =>
        new(new { Draft = draft, Trouble = trouble }) { StatusCode = status };

    [LoggerMessage(2521, LogLevel.Information, "The recipe {Recipe} was added on the dashboard as {Path}")]
    private static partial void LogAdded(ILogger logger, string recipe, string path);
}

/// <summary>A recipe with the values of a form.</summary>
/// <param name="Name">Of the recipe.</param>
/// <param name="Values">What stands in the form, by parameter.</param>
/// <param name="Text">The file that is to be added.</param>
public sealed record RecipeDraft(string Name, IReadOnlyDictionary<string, string> Values, string Text)
{
    /// <summary>What is wrong with the values, by parameter.</summary>
    public IReadOnlyDictionary<string, Phrase> Flaws { get; init; } = new Dictionary<string, Phrase>(StringComparer.Ordinal);

    /// <summary>Errors that the rules would have with it.</summary>
    public IReadOnlyList<Diagnostic> Clashes { get; init; } = [];

    /// <summary>Which of its tests fail with these values; null when they were not run.</summary>
    public IReadOnlyList<string>? FailedTests { get; init; }
}
