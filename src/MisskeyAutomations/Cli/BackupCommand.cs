using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>backup [FILE]</c>: a verified copy of the store, beside a running engine or not.</summary>
internal static class BackupCommand
{
    public static Command Describe()
    {
        var file = new Argument<string?>("FILE") { Description = "Where to; nothing may be there (default: a name by the time, where `backups: directory` says)", Arity = ArgumentArity.ZeroOrOne };
        var keep = new Option<int?>("--keep") { Description = "How many to keep; only of those without FILE (default: what `backups: keep` says, or 7)", HelpName = "NUMBER" };
        var data = CommonOptions.Data();
        var command = new Command("backup", "Make a verified copy of the store, while the engine runs or not") { file, keep, data, Languages.Option() };
        command.SetAction(parsed => Run(parsed.GetValue(file), parsed.GetValue(keep), EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed)));
        return command;
    }

    private static int Run(string? file, int? keep, string data, Translation language)
    {
        var options = StoreWork.FileOf(data);
        if (!File.Exists(options.DatabasePath))
        {
            throw new CommandFailure(ExitCodes.Storage, $"There is no database in the data directory '{data}'. Name the engine's directory with --data.");
        }

        if (keep < 1)
        {
            throw new CommandFailure(ExitCodes.Usage, $"--keep takes a number from 1, not {keep}.");
        }

        if (file is not null)
        {
            Backups.Make(options.DatabasePath, file);
        }
        else
        {
            var backups = EngineSettings.ReadBackups(data);
            file = Backups.MakeIn(backups.Directory, options.DatabasePath, keep ?? backups.Keep, TimeProvider.System.GetUtcNow());
        }

        Console.WriteLine(Phrase.Of($"A backup was made and verified: {file}").In(language));
        return ExitCodes.Done;
    }
}
