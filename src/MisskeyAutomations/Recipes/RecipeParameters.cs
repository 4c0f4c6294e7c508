using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Recipes;

/// <summary>
/// What people change first in a recipe, read from its text: its lists, each <c>let</c> that holds a plain value, and its time zone. Another value is
/// written into the text where the former one stands; all around it, comments too, stays.
/// </summary>
internal static partial class RecipeParameters
{
    private const string ZoneName = "timezone";
    private const string ListPrefix = "lists.";

    /// <summary>Those of a recipe, in the order in which they stand.</summary>
    public static IReadOnlyList<RecipeParameter> Of(Recipe recipe)
    {
        var rules = RecipeAdvice.RulesOf(recipe);
        var lists = rules.Lists.Keys.Select(name => ReadList(recipe.Text, name)).OfType<RecipeParameter>();
        var lets = rules.Rules.SelectMany(rule => rule.Lets).Where(let => RecipeAdvice.IsPlain(let.Value)).Select(let => ReadLet(recipe.Text, let.Key)).OfType<RecipeParameter>();
        var zones = Zone().Matches(HeadOf(recipe.Text)).Select(match => match.Groups["value"].Value).Distinct(StringComparer.Ordinal).ToArray();
        return [.. lists.Concat(lets), .. zones is [var zone] ? [new RecipeParameter(ZoneName, ParameterKind.Zone, zone, null)] : Array.Empty<RecipeParameter>()];
    }

    /// <summary>The text with these values.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="values">By the names of parameters; what is not among them stays as it is. Items of lists stand in lines.</param>
    /// <param name="flaws">What is wrong, by the names of parameters; then the text is not to be used.</param>
    public static string Fill(Recipe recipe, IReadOnlyDictionary<string, string> values, out IReadOnlyDictionary<string, Phrase> flaws)
    {
        var (text, found) = (recipe.Text, new Dictionary<string, Phrase>(StringComparer.Ordinal));
        foreach (var parameter in Of(recipe))
        {
            if (!values.TryGetValue(parameter.Name, out var given) || Tidy(given) == parameter.Value)
            {
                continue;
            }

            if (FlawOf(parameter.Kind, Tidy(given)) is { } flaw)
            {
                found[parameter.Name] = flaw;
                continue;
            }

            text = Write(text, parameter, Tidy(given));
        }

        flaws = found;
        return text;
    }

    private static string Write(string text, RecipeParameter parameter, string value) => parameter.Kind switch
    {
        ParameterKind.List => ListOf(parameter.Name[ListPrefix.Length..]).Replace(text, match => $"{match.Groups["key"]} [{string.Join(", ", value.Split('\n').Select(Quote))}]{match.Groups["comment"]}\n", 1),
        ParameterKind.Zone => Zone().Replace(HeadOf(text), match => match.Groups["key"].Value + value) + text[HeadOf(text).Length..],
        ParameterKind.Text => LetOf(parameter.Name).Replace(text, match => $"{match.Groups["key"]}\"'{value}'\"{match.Groups["rest"]}", 1),
        _ => LetOf(parameter.Name).Replace(text, match => match.Groups["key"].Value + value + match.Groups["rest"].Value, 1),
    };

    private static Phrase? FlawOf(ParameterKind kind, string value) => kind switch
    {
        ParameterKind.Number => Number().IsMatch(value) ? null : Phrase.Of($"'{value}' is no number. Write it like 5 or 0.5."),
        ParameterKind.Duration => Duration().IsMatch(value) ? null : Phrase.Of($"'{value}' is no duration. Write it like 30s, 10m, 1h30m or 7d."),
        ParameterKind.Zone => TimeZoneInfo.TryFindSystemTimeZoneById(value, out _) && ZoneWord().IsMatch(value) ? null
            : Phrase.Of($"'{value}' is no time zone. Write it like Asia/Tokyo or Europe/Berlin."),
        ParameterKind.Text => value.IndexOfAny(['\'', '"', '\\', '\n']) < 0 ? null : "Quotation marks, backslashes and line ends cannot be written here. Add the recipe, then edit the file.",
        _ => value.Length == 0 ? "At least one line must stand here." : null,
    };

    private static RecipeParameter? ReadLet(string text, string name)
    {
        var match = LetOf(name).Match(text);
        var value = match.Groups["value"].Value;
        return !match.Success ? null
            : Number().IsMatch(value) ? new(name, ParameterKind.Number, value, CommentIn(match.Groups["rest"].Value))
            : Duration().IsMatch(value) ? new(name, ParameterKind.Duration, value, CommentIn(match.Groups["rest"].Value))
            : new(name, ParameterKind.Text, value.Trim('"').Trim('\''), CommentIn(match.Groups["rest"].Value));
    }

    private static RecipeParameter? ReadList(string text, string name)
    {
        var match = ListOf(name).Match(text);
        var items = match.Groups["items"].Success ? match.Groups["items"].Value.Split(',').Select(Bare) : match.Groups["item"].Captures.Select(item => Bare(item.Value));
        return match.Success ? new(ListPrefix + name, ParameterKind.List, string.Join('\n', items), CommentIn(match.Groups["comment"].Value)) : null;
    }

    private static string Tidy(string given) =>
        string.Join('\n', given.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string Bare(string item) => item.Trim() is ['"' or '\'', .. var inner, '"' or '\''] ? inner : item.Trim();

    // What YAML could take for something else is quoted.
    private static string Quote(string item) => PlainItem().IsMatch(item) && !Word().IsMatch(item) ? item
        : $"\"{item.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string? CommentIn(string rest) => rest.IndexOf('#', StringComparison.Ordinal) is var sign and >= 0 ? rest[(sign + 1)..].Trim() : null;

    // Tests say themselves in which zone they are.
    private static string HeadOf(string text) => text.IndexOf("\ntests:", StringComparison.Ordinal) is var tests and >= 0 ? text[..tests] : text;

    private static Regex LetOf(string name) => new(
        $$"""(?m)^(?<key> {6,}{{Regex.Escape(name)}}: +)(?<value>"'[^'"\\]*'"|[0-9][0-9a-z.]*)(?<rest>[ \t]*(#.*)?)$""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static Regex ListOf(string name) => new(
        $$"""(?m)^(?<key>  {{Regex.Escape(name)}}:)( +\[(?<items>[^\]\n]*)\](?<comment>[ \t]*(#.*)?)\n|(?<comment>[ \t]*(#.*)?)\n( {4,}- (?<item>.*)\n)+)""", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\A[0-9]{1,15}(\.[0-9]{1,6})?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A(?=[0-9])([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<key>\btimezone: +)(?<value>[A-Za-z0-9_+/-]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Zone();

    [GeneratedRegex(@"\A[A-Za-z0-9_+/-]+\z", RegexOptions.None, 1_000)]
    private static partial Regex ZoneWord();

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{N}\p{M} _・！？。、ー-]*\z", RegexOptions.None, 1_000)]
    private static partial Regex PlainItem();

    // Numbers keep being numbers.
    [GeneratedRegex(@"\A(true|false|yes|no|on|off|null|y|n)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Word();
}

/// <summary>What can be changed in a recipe.</summary>
/// <param name="Name">As rules name it: <c>most</c>, <c>lists.words</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Value">What the recipe says; items of a list in lines.</param>
/// <param name="Comment">What stands beside it in the recipe, as <c>English / Japanese</c>; null for nothing.</param>
internal sealed record RecipeParameter(string Name, ParameterKind Kind, string Value, string? Comment)
{
    /// <summary>What stands beside it, in this language.</summary>
    public string? CommentIn(Translation language) =>
        Comment?.Split(" / ") is [var english, var japanese] ? language == Translation.Japanese ? japanese : english : Comment;
}

/// <summary>What a parameter takes.</summary>
internal enum ParameterKind
{
    Number,
    Duration,
    Text,
    List,
    Zone,
}
