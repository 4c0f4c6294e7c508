using System.CommandLine;
using MisskeyAutomations.Control;
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
            var directory = EngineSettings.ReadData(parsed.GetValue(data));
            if (parsed.GetRequiredValue(state) == "off")
            {
                await ControlSocket.AskAsync(directory, "panic/off", cancellationToken);
                Console.WriteLine(Phrase.Of("Actions go out again.").In(Languages.OfEnvironment));
                return ExitCodes.Done;
            }

            var isRemembered = await ControlSocket.StopAllAsync(directory, cancellationToken);
            Console.WriteLine((isRemembered ? "Nothing goes out any more. Events are still accepted and decided. `panic off` lets their actions go." : PanicSwitch.NotRemembered).In(Languages.OfEnvironment));
            return isRemembered ? ExitCodes.Done : ExitCodes.Storage;
        });
        return command;
    }
}
