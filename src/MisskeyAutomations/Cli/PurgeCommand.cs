using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>purge --user @x@host</c>: removes what is stored of a person.</summary>
internal static class PurgeCommand
{
    public static Command Describe()
    {
        var user = new Option<string>("--user") { Description = "The person: @name@server, @name for the account's own server, or a user id", HelpName = "USER", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Remove it; without this only what would be removed is told" };
        var data = CommonOptions.Data();
        var command = new Command("purge", "Remove what is stored of a person; the engine must not be running") { user, yes, data, Languages.Option() };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(user), parsed.GetValue(yes), EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string user, bool isMeant, string data, Translation language, CancellationToken cancellationToken)
    {
        var options = new StoreOptions { DataDirectory = data, Postgres = EngineSettings.ReadStore() };
        RecordedStore.Open(data).Dispose();
        using (var store = StoreWork.OpenAlone(options))
        {
            var purge = new Purge(store);
            var texts = TextsOf(purge, user);
            var events = purge.FindEvents(texts);
            Console.WriteLine(Phrase.Of($"Events that name {Misskey.Words.Escape(user, 300)}: {events.Count}").In(language));
            if (!isMeant)
            {
                Console.WriteLine(Phrase.Of("Nothing was removed. With --yes they are, with what was decided and done about them and what limits and state keep of the person.").In(language));
                return ExitCodes.Done;
            }

            await purge.RemoveAsync(events, texts, cancellationToken);
        }

        StoreWork.Do(data, () => Store.DatabaseOf(options).Compact());
        Console.WriteLine(Phrase.Of("All of it was removed. Backups still hold it: delete those that are older than this.").In(language));
        return ExitCodes.Done;
    }

    private static IReadOnlyCollection<string> TextsOf(Purge purge, string user)
    {
        if (!user.StartsWith('@'))
        {
            return user.Length >= 8 ? [user] : throw new CommandFailure(ExitCodes.Usage, $"'{user}' is no person. Write @name@server, @name, or a user id.");
        }

        string?[] parts = user[1..].Split('@');
        var (name, host) = parts is [{ Length: > 0 } one, .. var rest] && rest.Length <= 1 ? (one, rest.FirstOrDefault())
            : throw new CommandFailure(ExitCodes.Usage, $"'{user}' is no person. Write @name@server, @name, or a user id.");
        var ids = purge.FindIds(name, host);
        return ids.Count > 0 ? host is null ? [.. ids] : [.. ids, user]
            : throw new CommandFailure(ExitCodes.Usage, $"No event that is kept tells who '{user}' is, so their id is not known here, under which the rest is stored. Look the id up in Misskey, and give it: purge --user USERID");
    }
}
