using System.CommandLine;
using MisskeyAutomations.Api;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>api-keys</c>: who may use the API. What changes a key reaches the running engine, and holds at once.</summary>
internal static class ApiKeysCommand
{
    public static Command Describe() => new("api-keys", "Make, list and remove keys of the API") { Add(), List(), Remove() };

    private static Command Add()
    {
        var name = NameArgument();
        var readOnly = new Option<bool>("--read-only") { Description = "A key that may look and give no orders" };
        var data = CommonOptions.Data();
        var command = new Command("add", "Make a key, which is printed this once") { name, readOnly, data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (settings, called) = (EngineSettings.Read(null, parsed.GetValue(data), null), NameOf(parsed.GetRequiredValue(name)));
            var key = await ControlSocket.MakeKeyAsync(settings.Data, called, parsed.GetValue(readOnly), cancellationToken)
                ?? await AloneAsync(settings, keys => keys.MakeAsync(called, parsed.GetValue(readOnly), cancellationToken), cancellationToken) ?? "";
            if (key.Length == 0)
            {
                throw new CommandFailure(ExitCodes.Usage, $"There is a key '{called}' already, or there are a thousand. `api-keys remove {called}` forgets it; `api-keys list` names them.");
            }

            // The key alone on the standard output, for scripts.
            Console.WriteLine(key);
            Console.Error.WriteLine(Phrase.Of("It is shown this once and kept nowhere. Send it as the header Authorization: Bearer mka_…").In(Languages.Of(parsed)));
            if (settings.Dashboard is null)
            {
                Console.Error.WriteLine(Phrase.Of("The API is part of the dashboard, and `dashboard: off` stands in the settings: nothing answers it.").In(Languages.Of(parsed)));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List the keys, without what they are") { data, Languages.Option() };
        command.SetAction(parsed =>
        {
            using var readers = RecordedStore.Open(EngineSettings.ReadData(parsed.GetValue(data)));
            var (keys, language) = (StoredApiKeys.List(readers), Languages.Of(parsed));
            foreach (var key in keys)
            {
                Phrase line = key.IsReadOnly ? Phrase.Of($"{key.Name}  may look  since {LocalTime.Of(key.CreatedAt)}") : Phrase.Of($"{key.Name}  may look and give orders  since {LocalTime.Of(key.CreatedAt)}");
                Console.WriteLine(line.In(language));
            }

            if (keys.Count == 0)
            {
                Console.WriteLine(Phrase.Of("There are none. `api-keys add NAME` makes one.").In(language));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = NameArgument();
        var data = CommonOptions.Data();
        var command = new Command("remove", "Forget a key: it is not taken any more, from now on") { name, data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (settings, called) = (EngineSettings.Read(null, parsed.GetValue(data), null), NameOf(parsed.GetRequiredValue(name)));
            if (!(await ControlSocket.RemoveKeyAsync(settings.Data, called, cancellationToken) ?? await AloneAsync(settings, keys => keys.RemoveAsync(called, cancellationToken), cancellationToken)))
            {
                throw new CommandFailure(ExitCodes.Usage, $"There is no key '{called}'. `api-keys list` names them.");
            }

            Console.WriteLine(Phrase.Of($"The key {called} is not taken any more.").In(Languages.Of(parsed)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "What the key is called: whose it is, or what for" };

    private static string NameOf(string text) => ApiKeys.IsName(text) ? text
        : throw new CommandFailure(ExitCodes.Usage, $"'{text}' is no name for a key. Take at most {ApiKeys.LongestName} letters, digits, dots, hyphens and underscores, a letter or digit first.");

    private static async Task<T> AloneAsync<T>(EngineSettings settings, Func<ApiKeys, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var app = await RunCommand.OpenAsync(settings, cancellationToken);
        return await work(app.Services.GetRequiredService<ApiKeys>());
    }
}
