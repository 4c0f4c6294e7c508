using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>
/// In which language findings are told: as <c>--lang</c> says, else as the environment does (<c>MISSKEYAUTOMATIONS_LANG</c>, then
/// <c>LC_ALL</c>, <c>LC_MESSAGES</c>, <c>LANG</c>; the first that names a language counts), else in English.
/// </summary>
internal static class Languages
{
    private static readonly string[] Variables = ["MISSKEYAUTOMATIONS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The language that the environment asks for.</summary>
    public static Translation OfEnvironment { get; } = Variables
        .Select(Environment.GetEnvironmentVariable).Where(value => !string.IsNullOrEmpty(value)).Select(value => Translation.Find(value!))
        .FirstOrDefault() ?? Translation.English;

    /// <summary>The option of commands that tell findings.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--lang") { Description = "Tell the findings in this language: en or ja (default: that of the environment)" };
        option.AcceptOnlyFromAmong("en", "ja");
        return option;
    }

    /// <summary>The language that a command line asks for.</summary>
    public static Translation Chosen(string? option) => option is null ? OfEnvironment : Translation.Find(option) ?? OfEnvironment;
}
