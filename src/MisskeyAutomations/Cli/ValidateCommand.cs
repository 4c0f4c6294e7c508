using System.CommandLine;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary><c>validate PATH</c>: everything that is wrong with rule files, at the very character.</summary>
internal static class ValidateCommand
{
    public static Command Describe()
    {
        var path = new Argument<string?>("PATH") { Description = "A rule file or a folder of them (default: the folder that the configuration names, else rules)", DefaultValueFactory = _ => null };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors" };
        var lang = Languages.Option();
        var format = new Option<string>("--format") { Description = "text for people; json, sarif or github for machines", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong(["text", .. FindingsFormats.All.Keys]);
        var command = new Command("validate", "Check rule files and say everything that is wrong with them") { path, strict, lang, format };
        command.SetAction(parsed => Run(EngineSettings.ReadRules(parsed.GetValue(path)), parsed.GetValue(strict), Languages.Of(parsed), parsed.GetRequiredValue(format)));
        return command;
    }

    private static int Run(string path, bool strict, Translation language, string format)
    {
        var folder = RuleFolders.Open(path, EngineSettings.ReadAllowAdmin());
        var reading = folder.Read();
        var worst = reading.Diagnostics.Select(finding => (Severity?)finding.Severity).Max();
        if (FindingsFormats.All.TryGetValue(format, out var write))
        {
            Console.Write(write(reading.Diagnostics, language));
        }
        else if (worst is not null)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
        }
        else
        {
            Console.WriteLine(Phrase.Of($"{Counts.Rules(reading.RuleSet!.Rules.Count)} in {Counts.Files(folder.List().Count)}: no findings.").In(language));
        }

        return worst is Severity.Error || (strict && worst is Severity.Warning) ? ExitCodes.Findings : ExitCodes.Done;
    }
}

/// <summary>Opens rule folders for commands.</summary>
internal static class RuleFolders
{
    /// <param name="path">Of the folder, or of one file.</param>
    /// <param name="allowAdmin">Whether the configuration opens the endpoints that need it.</param>
    /// <param name="accounts">The names of the accounts that the rules are for; null where they are not known.</param>
    /// <exception cref="CommandFailure">There is no such folder or file.</exception>
    public static RuleFolder Open(string path, bool allowAdmin, IReadOnlyList<string>? accounts = null)
    {
        var folder = new RuleFolder(path, ActionTable.For(allowAdmin), accounts);
        return folder.Exists ? folder
            : throw new CommandFailure(ExitCodes.Configuration, $"There is no rules folder or file '{path}'. Make the folder and put a rule file in, or name another path.");
    }
}
