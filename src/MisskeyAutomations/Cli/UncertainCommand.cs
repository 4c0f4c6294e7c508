using System.CommandLine;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>uncertain</c>: what was sent and never confirmed, and what its owner says of it.</summary>
internal static class UncertainCommand
{
    private const int Shown = 100;
    private const int LongestText = 2_000;

    public static Command Describe() => new("uncertain", "Show what was sent and never confirmed, and settle it") { List(), Settle() };

    private static Command List()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List what was sent and never confirmed, oldest first") { data, Languages.Option() };
        command.SetAction(parsed => PrintList(EngineSettings.ReadData(parsed.GetValue(data)), Languages.Of(parsed)));
        return command;
    }

    private static Command Settle()
    {
        var run = new Argument<long>("RUN") { Description = "The number of the run" };
        var settlement = new Argument<string>("WHAT") { Description = "there: it is there; again: send it again; drop: leave it and go on" };
        settlement.AcceptOnlyFromAmong([.. Enum.GetNames<Settlement>().Select(name => name.ToLowerInvariant())]);
        var step = new Option<string?>("--step") { Description = "The step, where a run has several such", HelpName = "PATH" };
        var data = CommonOptions.Data();
        var command = new Command("settle", "Say what became of it; the run goes on") { run, settlement, step, data, Languages.Option() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await ControlSocket.SettleAsync(
                EngineSettings.ReadData(parsed.GetValue(data)), parsed.GetRequiredValue(run), parsed.GetValue(step), parsed.GetRequiredValue(settlement), cancellationToken);
            Conclude(parsed.GetRequiredValue(run), answer, Languages.Of(parsed));
            return ExitCodes.Done;
        });
        return command;
    }

    private static int PrintList(string data, Translation language)
    {
        using var readers = RecordedStore.Open(data);
        var steps = new RunQueries(readers).ListUncertain(Shown);
        foreach (var step in steps)
        {
            Print(step, language);
        }

        Console.WriteLine(steps.Count == 0 ? Phrase.Of("Nothing is uncertain.").In(language)
            : steps.All(step => step.LooksAt is not null) ? Phrase.Of("The engine finds out by itself while it runs; there is nothing that you must do.").In(language)
            : Phrase.Of($"Look at Misskey whether it is there, then say so: uncertain settle RUN there, again or drop").In(language));
        return ExitCodes.Done;
    }

    private static void Print(UncertainStep step, Translation language)
    {
        Console.WriteLine(Phrase.Of($"run {step.RunId} of rule {step.RuleName}, account {step.Account}, step {step.Path}, {LocalTime.Of(step.At)}").In(language));
        Console.WriteLine($"  {Misskey.Words.Escape(step.Intent.Summary, LongestText)}");
        if (step.Reason is { } reason)
        {
            Console.WriteLine($"  {Misskey.Words.Escape(reason, LongestText)}");
        }

        var whoLooks = step.LooksAt is { } looksAt ? Phrase.Of($"the engine looks for it, next at {LocalTime.Of(looksAt)}")
            : Phrase.Of("nobody looks for it any more: only you can tell");
        Console.WriteLine($"  {whoLooks.In(language)}");
        Console.WriteLine();
    }

    private static void Conclude(long run, SettlementAnswer answer, Translation language)
    {
        switch (answer)
        {
            case SettlementAnswer.Settled:
                Console.WriteLine(Phrase.Of("It is settled.").In(language));
                break;
            case SettlementAnswer.NoRun:
                throw new CommandFailure(ExitCodes.Usage, $"There is no run {run}. `uncertain list` names them.");
            case SettlementAnswer.Several:
                throw new CommandFailure(ExitCodes.Usage, $"Run {run} has several uncertain steps. Name one with --step; `uncertain list` shows them.");
            case SettlementAnswer.GoneOn:
                throw new CommandFailure(ExitCodes.Usage, $"Run {run} has gone on without this step, so it is not sent any more. Say there or drop.");
            case SettlementAnswer.AtWork:
                throw new CommandFailure(ExitCodes.Temporary, $"The engine is just looking whether it is there. Try again in a minute.");
            default:
                throw new CommandFailure(ExitCodes.Usage, $"Run {run} has no such uncertain step. `uncertain list` shows them.");
        }
    }
}
