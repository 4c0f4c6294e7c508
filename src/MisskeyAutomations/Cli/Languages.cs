using System.CommandLine;
using System.CommandLine.Parsing;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>
/// In which language people are told things: as <c>--lang</c> says, else as the environment does (<c>MISSKEYAUTOMATIONS_LANG</c>, then
/// <c>LC_ALL</c>, <c>LC_MESSAGES</c>, <c>LANG</c>; the first that names a language counts), else in English.
/// </summary>
internal static class Languages
{
    private const string OptionName = "--lang";

    private static readonly string[] Variables = ["MISSKEYAUTOMATIONS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The language that the environment asks for.</summary>
    public static Translation OfEnvironment { get; } = Variables
        .Select(Environment.GetEnvironmentVariable).Where(value => !string.IsNullOrEmpty(value)).Select(value => Translation.Find(value!))
        .FirstOrDefault() ?? Translation.English;

    /// <summary>The option of commands that tell much.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>(OptionName) { Description = "Tell what is found in this language: en or ja (default: that of the environment)" };
        option.AcceptOnlyFromAmong("en", "ja");
        return option;
    }

    /// <summary>The language that a command line asks for.</summary>
    public static Translation Of(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(given => given.Option.Name == OptionName)?.GetValueOrDefault<string?>() is { } code
            ? Translation.Find(code) ?? OfEnvironment : OfEnvironment;

    /// <summary>The same as a code: <c>en</c> or <c>ja</c>.</summary>
    public static string CodeOf(ParseResult parsed) => Of(parsed).Language;
}
