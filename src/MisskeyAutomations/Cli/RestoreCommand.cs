using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>restore FILE</c> puts a backup in place of the store; <c>repair</c> what can be read of a damaged one.</summary>
internal static class RestoreCommand
{
    public static Command Describe()
    {
        var file = new Argument<string?>("FILE") { Description = "The backup", Arity = ArgumentArity.ZeroOrOne };
        var after = new Option<bool>("--after-pg-restore") { Description = "The store is in PostgreSQL, and pg_restore has just put an older state of it back" };
        var data = CommonOptions.Data();
        var command = new Command("restore", "Put a backup in place of the store; the engine must not be running") { file, after, data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (directory, language) = (EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed));
            if (parsed.GetValue(after))
            {
                return await StampAsync(directory, language, cancellationToken);
            }

            var options = StoreWork.FileOf(directory);
            return parsed.GetValue(file) is { } backup ? Restore(options, backup, language)
                : throw new CommandFailure(ExitCodes.Usage, $"Name the backup. The newest in {EngineSettings.ReadBackups(directory).Directory}: {Newest(directory) ?? "-"}");
        });
        return command;
    }

    public static Command DescribeRepair()
    {
        var data = CommonOptions.Data();
        var command = new Command("repair", "Save what can be read of a damaged store into a new one; the engine must not be running") { data, Languages.Option() };
        command.SetAction(parsed => Repair(EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed)));
        return command;
    }

    /// <summary>The newest backup that the engine or <c>backup</c> made where backups go; null where there is none.</summary>
    public static string? Newest(string data) => Backups.List(EngineSettings.ReadBackups(data).Directory) is [var newest, ..] ? newest : null;

    private static int Restore(StoreOptions options, string backup, Translation language)
    {
        if (!File.Exists(backup))
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is no file '{backup}'.");
        }

        var restored = StoreWork.Do(options.DataDirectory, () => Restoring.Restore(options, backup, TimeProvider.System.GetUtcNow()));
        Console.WriteLine(Phrase.Of($"The backup is in place: {backup}").In(language));
        Tell(restored, language);
        TellKeys(options.DataDirectory, language);
        return ExitCodes.Done;
    }

    private static int Repair(string data, Translation language)
    {
        var options = StoreWork.FileOf(data);
        if (!File.Exists(options.DatabasePath))
        {
            throw new CommandFailure(ExitCodes.Storage, $"There is no database in the data directory '{data}'. Name the engine's directory with --data.");
        }

        var restored = StoreWork.Do(data, () => Restoring.Repair(options, TimeProvider.System.GetUtcNow()));
        Console.WriteLine(Phrase.Of($"Rows that were saved: {restored.Rows}. Tables of which some could not be read: {restored.Gaps}").In(language));
        Tell(restored, language);
        return ExitCodes.Done;
    }

    private static void Tell(Restored restored, Translation language)
    {
        if (restored.SetAside is { } aside)
        {
            Console.WriteLine(Phrase.Of($"The former database was set aside: {aside}").In(language));
        }

        Console.WriteLine(Phrase.Of($"Runs that were ended because they may have gone on since: {restored.EndedRuns}. `why` tells of them, `uncertain list` what they may have sent.").In(language));
    }

    // A key that was removed since the backup was made is there again.
    private static void TellKeys(string data, Translation language)
    {
        using var readers = RecordedStore.Open(data);
        if (StoredApiKeys.List(readers) is { Count: > 0 } keys)
        {
            Console.WriteLine(Phrase.Of($"Keys of the API that are taken again, as the backup has them: {string.Join(", ", keys.Select(key => key.Name))}. `api-keys remove NAME` forgets one.").In(language));
        }
    }

    private static async Task<int> StampAsync(string data, Translation language, CancellationToken cancellationToken)
    {
        var postgres = EngineSettings.ReadStore()
            ?? throw new CommandFailure(ExitCodes.Usage, $"The store is no PostgreSQL database but a file: `restore FILE` puts a backup in its place.");
        using var store = StoreWork.OpenAlone(new StoreOptions { DataDirectory = data, Postgres = postgres });
        var ended = await store.Writer.RunAsync(db => RestoredStore.Stamp(db, store.Time.GetUtcNow()), cancellationToken);
        Tell(new(null, ended, 0, 0), language);
        TellKeys(data, language);
        return ExitCodes.Done;
    }
}
