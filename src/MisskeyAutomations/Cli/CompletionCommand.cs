using System.CommandLine;

namespace MisskeyAutomations.Cli;

/// <summary><c>completion SHELL</c>: the script by which a shell completes command lines. It asks the program that printed it; see <see cref="Suggestions"/>.</summary>
internal static class CompletionCommand
{
    private const string Program = "@PROGRAM@";

    private static readonly Dictionary<string, Func<string, string>> QuoteIn = new(StringComparer.Ordinal)
    {
        ["bash"] = QuotePosix,
        ["zsh"] = QuotePosix,
        ["fish"] = word => $"'{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
        ["powershell"] = word => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'",
    };

    public static Command Describe()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or powershell" };
        shell.AcceptOnlyFromAmong([.. QuoteIn.Keys]);
        var command = new Command("completion", "Print the script by which a shell completes commands, options and names") { shell };
        command.SetAction(parsed => Console.Out.Write(Write(parsed.GetRequiredValue(shell), ThisProgram())));
        return command;
    }

    /// <summary>The script of a shell, which asks the program that these words start.</summary>
    internal static string Write(string shell, IEnumerable<string> program)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Replace(Program, string.Join(' ', program.Select(QuoteIn[shell])), StringComparison.Ordinal);
    }

    private static string[] ThisProgram()
    {
        var path = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Path.Combine(AppContext.BaseDirectory, "MisskeyAutomations.dll")] : [path];
    }

    private static string QuotePosix(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
