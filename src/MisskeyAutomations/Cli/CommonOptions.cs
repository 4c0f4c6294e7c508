using System.CommandLine;

namespace MisskeyAutomations.Cli;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>The rule files, for commands that are about nothing else; to be read with <see cref="EngineSettings.ReadRules"/>.</summary>
    public static Argument<string?> RulesPath() => new("PATH")
    {
        Description = "A rule file or a folder of them (default: the folder that the configuration names, else rules)",
        DefaultValueFactory = _ => null,
    };

    /// <summary>Where the rules are.</summary>
    public static Option<string?> Rules() => new("--rules") { Description = "The folder of rule files (default: rules)", HelpName = "PATH" };

    /// <summary>Whether the command runs again when files change.</summary>
    public static Option<bool> Watch() => new("--watch") { Description = "Run again whenever a file changes, until Ctrl+C" };

    /// <summary>Where the engine keeps what it records.</summary>
    public static Option<string?> Data() => new("--data") { Description = "The data directory of the engine (default: data)", HelpName = "PATH" };
}
