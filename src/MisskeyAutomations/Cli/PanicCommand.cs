using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary><c>panic on|off</c>: stops every outgoing call at once, and lets it go again.</summary>
internal static class PanicCommand
{
    public static Command Describe()
    {
        var state = new Argument<string>("STATE") { Description = "on: stop every outgoing call; off: let them go again" };
        state.AcceptOnlyFromAmong("on", "off");
        var data = new Option<string?>("--data") { Description = "The data directory of the running engine (default: data)", HelpName = "PATH" };
        var command = new Command("panic", "Stop every outgoing call at once, or let them go again") { state, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await ControlSocket.AskAsync(EngineSettings.ReadData(parsed.GetValue(data)), $"panic/{parsed.GetRequiredValue(state)}", cancellationToken);
            Phrase answer = parsed.GetRequiredValue(state) == "on"
                ? "Nothing goes out any more. Events are still accepted and decided. `panic off` lets their actions go."
                : "Actions go out again.";
            Console.WriteLine(answer.In(Languages.OfEnvironment));
            return ExitCodes.Done;
        });
        return command;
    }
}
