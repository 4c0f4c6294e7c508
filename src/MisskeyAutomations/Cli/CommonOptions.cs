using System.CommandLine;

namespace MisskeyAutomations.Cli;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Where the rules are.</summary>
    public static Option<string?> Rules() => new("--rules") { Description = "The folder of rule files (default: rules)", HelpName = "PATH" };

    /// <summary>Where the engine keeps what it records.</summary>
    public static Option<string?> Data() => new("--data") { Description = "The data directory of the engine (default: data)", HelpName = "PATH" };
}
