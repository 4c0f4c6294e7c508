using System.Globalization;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>
/// What an unquoted scalar is where JSON is meant: <c>true</c>, <c>false</c>, <c>null</c> and numbers as JSON writes them. Everything
/// else is text: <c>no</c>, <c>on</c>, <c>010</c>, <c>1:30</c> and <c>1_000</c> keep their letters.
/// </summary>
internal static partial class CoreScalar
{
    /// <summary>Whether it is a number; whole numbers beyond what a double holds exactly (ids) stay text.</summary>
    public static bool IsNumber(string text) => text.Length <= 24 && Number().IsMatch(text) && !LongWhole().IsMatch(text);

    public static double ToNumber(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Number();

    [GeneratedRegex(@"^-?[0-9]{16,}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex LongWhole();
}
