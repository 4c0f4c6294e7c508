using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>quarantine</c>: what was set aside because it could not be decided, or because the engine died at it.</summary>
internal static class QuarantineCommand
{
    private const int Shown = 100;
    private const int LongestText = 2_000;

    public static Command Describe() => new("quarantine", "Show the events and runs that were set aside, try them again, or give them up") { List(), Retry(), Drop() };

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List what was set aside, newest first") { data, Languages.Option() };
        command.SetAction(parsed => PrintList(EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed)));
        return command;
    }

    private static Command Retry() => Order(
        "retry", "Decide an event anew, or take up a run where it stood", what => what == "event" ? "It is decided anew." : "It goes on where it stood.");

    private static Command Drop() => Order(
        "drop", "Give up an event or a run for good", what => what == "event" ? "It is given up: no rule is asked about it." : "It is given up: nothing more is done of it.");

    private static Command Order(string order, string description, Func<string, Phrase> answer)
    {
        var kind = new Argument<string>("KIND") { Description = "event or run" };
        kind.AcceptOnlyFromAmong("event", "run");
        var number = new Argument<long>("NUMBER") { Description = "The number from the list" };
        var data = CommonOptions.Data();
        var command = new Command(order, description) { kind, number, data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (what, which) = (parsed.GetRequiredValue(kind), parsed.GetRequiredValue(number));
            if (!await ControlSocket.SettleSetAsideAsync(EngineSettings.ReadData(parsed.GetValue(data)), order, what, which, cancellationToken))
            {
                throw new CommandFailure(ExitCodes.Usage, $"No {what} {which} is set aside. `quarantine list` names those that are.");
            }

            Console.WriteLine(answer(what).In(Languages.Of(parsed)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static int PrintList(string data, Translation language)
    {
        using var readers = RecordedStore.Open(data);
        var events = new EventQueries(readers).ListSetAside(Shown);
        var runs = new RunQueries(readers).ListSetAside(Shown);
        foreach (var recorded in events)
        {
            Console.WriteLine(Phrase.Of($"event {recorded.Number}, account {recorded.Account}, {LocalTime.Of(recorded.ReceivedAt)}").In(language));
            Console.WriteLine($"  {Misskey.Words.Escape(Phrase.Of($"{recorded.Note ?? ""}").In(language), LongestText)}");
        }

        foreach (var run in runs)
        {
            Console.WriteLine(Phrase.Of($"run {run.RunId} of rule {run.RuleName}, account {run.Account}, event {run.Delivery}, {LocalTime.Of(run.At)}").In(language));
            Console.WriteLine($"  {Phrase.Of($"the engine ended {run.Deaths} times while it was at this run").In(language)}");
        }

        Console.WriteLine(events.Count + runs.Count == 0 ? Phrase.Of("Nothing is set aside.").In(language)
            : Phrase.Of("Once the cause is mended: quarantine retry event NUMBER, or quarantine retry run NUMBER. To give one up: quarantine drop event NUMBER, or quarantine drop run NUMBER").In(language));
        return ExitCodes.Done;
    }
}
