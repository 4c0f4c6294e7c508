using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Recipes;

/// <summary>A rule file that is part of the program, for people to begin with.</summary>
internal sealed partial record Recipe
{
    /// <summary>Its name: that of its file without <c>.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required RecipeTheme Theme { get; init; }

    /// <summary>What it does, in a line.</summary>
    public required string English { get; init; }

    /// <summary>The same in Japanese.</summary>
    public required string Japanese { get; init; }

    /// <summary>The whole file.</summary>
    public required string Text { get; init; }

    /// <summary>Reads a recipe, whose first three lines are <c># theme: WORD</c>, <c># en: …</c> and <c># ja: …</c>.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    public static Recipe Read(string name, string text)
    {
        var head = Head().Match(text);
        if (!head.Success)
        {
            throw new FormatException($"The recipe '{name}' must begin with the lines '# theme: WORD', '# en: …' and '# ja: …', and a fourth line that is no comment.");
        }

        var theme = RecipeTheme.All.FirstOrDefault(known => known.Word == head.Groups["theme"].Value)
            ?? throw new FormatException($"The recipe '{name}' has the theme '{head.Groups["theme"]}'; themes: {string.Join(", ", RecipeTheme.All.Select(known => known.Word))}.");
        return new()
        {
            Name = name,
            Theme = theme,
            English = head.Groups["en"].Value,
            Japanese = head.Groups["ja"].Value,
            Text = text,
        };
    }

    /// <summary>What it does, in this language.</summary>
    public string In(Translation language) => language == Translation.Japanese ? Japanese : English;

    [GeneratedRegex(@"\A# theme: (?<theme>[a-z]+)\n# en: (?<en>\S[^\n]*[.!?])\n# ja: (?<ja>\S[^\n]*。)\n(?!#)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Head();
}

/// <summary>What recipes are about.</summary>
/// <param name="Word">As their first line has it.</param>
/// <param name="Title">For people.</param>
internal sealed record RecipeTheme(string Word, Phrase Title)
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<RecipeTheme> All { get; } =
    [
        new("followers", "Followers"),
        new("greetings", "Greetings and small talk"),
        new("games", "Games"),
        new("everyday", "Every day"),
        new("notes", "Your notes and reactions"),
        new("safety", "Safety"),
        new("server", "For administrators of a server"),
    ];
}
