using System.Text.RegularExpressions;

namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>Knows when a comma of YAML cut a function's arguments in two: <c>[ a, f(x, y) ]</c> is a list of three.</summary>
internal static partial class FlowComma
{
    public const string Hint = "inside [ … ] a comma ends the entry: write a list with dashes, or quote the entry";

    /// <summary>Whether the text ends, or is cut, within the arguments of a call.</summary>
    public static bool CutsCall(ReadOnlySpan<char> text) => OpenCall().IsMatch(text);

    [GeneratedRegex(@"\w\([^()]*$", RegexOptions.None, Patterns.Timeout)]
    private static partial Regex OpenCall();
}
