using System.CommandLine;
using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Storage.Postgres;

namespace MisskeyAutomations.Cli;

/// <summary><c>migrate-store</c>: moves what an engine keeps in a file to PostgreSQL.</summary>
internal static class MigrateStoreCommand
{
    public static Command Describe()
    {
        var to = new Option<string?>("--to") { Description = "The connection string of an empty PostgreSQL database (default: the setting `store`)", HelpName = "CONNECTION" };
        var data = CommonOptions.Data();
        var command = new Command("migrate-store", "Move everything from the file in the data directory to an empty PostgreSQL database; the engine must not run") { to, data, Languages.Option() };
        command.SetAction(parsed => Move(EngineSettings.ReadData(parsed.GetValue(data)), parsed.GetValue(to) ?? EngineSettings.ReadStore(), Languages.Of(parsed)));
        return command;
    }

    private static int Move(string data, string? to, Translation language)
    {
        if (to is null)
        {
            throw new CommandFailure(ExitCodes.Usage, "It is not said where to. Name an empty database: migrate-store --to 'Host=…;Database=…;Username=…'");
        }

        var options = new StoreOptions { DataDirectory = data };
        if (!File.Exists(options.DatabasePath))
        {
            throw new CommandFailure(ExitCodes.Configuration, $"There is no database in the data directory '{data}'. Name the engine's directory with --data.");
        }

        try
        {
            var target = new PostgresDatabase(to);
            var rows = new StoreMove(options, target, Tell, TimeProvider.System).Run();
            Console.WriteLine(Phrase.Of(
                $"Moved to the {target.Name}: {rows.ToString("N0", CultureInfo.InvariantCulture)} rows, each compared after it had arrived.").In(language));
            Console.WriteLine(Phrase.Of($"Now write the connection string into `store` of automations.yaml, or into MISSKEYAUTOMATIONS__STORE, and start the engine. The file is as it was; no engine starts on it any more.").In(language));
            return ExitCodes.Done;
        }
        catch (Exception trouble) when (StartTrouble.Explain(trouble, data) is { } failure)
        {
            throw new CommandFailure(failure.ExitCode, failure.Sentence, trouble);
        }

        void Tell(string table, long count, long all) => Console.WriteLine(Phrase.Of(
            $"{table}: {count.ToString("N0", CultureInfo.InvariantCulture)} of {all.ToString("N0", CultureInfo.InvariantCulture)} rows").In(language));
    }
}
