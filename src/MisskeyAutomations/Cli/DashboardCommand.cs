using System.CommandLine;

namespace MisskeyAutomations.Cli;

/// <summary><c>dashboard link</c>: a fresh way into the dashboard of the running engine.</summary>
internal static class DashboardCommand
{
    public static Command Describe()
    {
        var data = new Option<string?>("--data") { Description = "The data directory of the running engine (default: data)", HelpName = "PATH" };
        var link = new Command("link", "Print a link that signs in to the dashboard once, within an hour") { data };
        link.SetAction(async (parsed, cancellationToken) =>
        {
            var address = await ControlSocket.MakeLinkAsync(EngineSettings.ReadData(parsed.GetValue(data)), cancellationToken);
            Console.WriteLine(address.Length > 0 ? address : throw new CommandFailure(ExitCodes.Temporary,
                $"The engine runs without its dashboard: it is off in the settings, or its address was taken at the start; the log says which."));
            return ExitCodes.Done;
        });
        return new Command("dashboard", "The pages on which the engine is seen and steered") { link };
    }
}
