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
        var path = CommonOptions.RulesPath();
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors" };
        var watch = CommonOptions.Watch();
        var lang = Languages.Option();
        var format = new Option<string>("--format") { Description = "text for people; json, sarif or github for machines", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong(["text", .. FindingsFormats.All.Keys]);
        var command = new Command("validate", "Check rule files and say everything that is wrong with them") { path, strict, watch, lang, format };
        command.SetAction((parsed, cancellationToken) =>
        {
            var rules = EngineSettings.ReadRules(parsed.GetValue(path));
            var wanted = new Wanted(parsed.GetValue(strict), Languages.Of(parsed), parsed.GetRequiredValue(format));
            return parsed.GetValue(watch) ? WatchAsync(rules, wanted, cancellationToken) : Task.FromResult(Run(Open(rules), wanted));
        });
        return command;
    }

    private static Task<int> WatchAsync(string path, Wanted wanted, CancellationToken cancellationToken)
    {
        if (wanted.Format != "text")
        {
            throw new CommandFailure(ExitCodes.Usage, $"--watch writes for people, again and again: leave out --format {wanted.Format}, or --watch.");
        }

        return WatchedRuns.RunAsync(path, () => Open(path), (folder, _) => Task.FromResult(Run(folder, wanted)), wanted.Language, cancellationToken);
    }

    private static RuleFolder Open(string path) => RuleFolders.Open(path, EngineSettings.ReadAllowAdmin());

    private static int Run(RuleFolder folder, Wanted wanted)
    {
        var (strict, language, format) = wanted;
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

    private sealed record Wanted(bool IsStrict, Translation Language, string Format);
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
