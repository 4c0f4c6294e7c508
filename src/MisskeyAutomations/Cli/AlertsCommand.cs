using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary><c>alerts test</c>: sends an alert to each target of the running engine.</summary>
internal static class AlertsCommand
{
    public static Command Describe() => new("alerts", "Try whether alerts arrive") { Test() };

    private static Command Test()
    {
        var data = CommonOptions.Data();
        var command = new Command("test", "Send an alert from the running engine to each place that its settings name") { data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var language = Languages.Of(parsed);
            var answers = await ControlSocket.TestAlertsAsync(EngineSettings.ReadData(parsed.GetValue(data)), cancellationToken);
            if (answers.Count == 0)
            {
                throw new CommandFailure(ExitCodes.Configuration, "The running engine has no place to send alerts to. Name one under alerts: to: in automations.yaml and start it again.");
            }

            foreach (var (target, trouble) in answers)
            {
                Console.WriteLine(trouble.Length == 0 ? Phrase.Of($"{target}: sent").In(language) : Phrase.Of($"{target}: not sent. {trouble}").In(language));
            }

            return answers.All(answer => answer.Trouble.Length == 0) ? ExitCodes.Done : ExitCodes.Temporary;
        });
        return command;
    }
}
