using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Sandbox.Chaos;
using MisskeyAutomations.Sandbox.People;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Shows live what arrived, which rule took it, what was done, and what was not and why.</summary>
internal sealed class SandboxConsole(TimeProvider time)
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Person = new(Color.Aqua);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Waiting = new(Color.Yellow);
    private readonly Lock _screen = new();

    public static void Introduce(Uri server, RuleSet rules, string path, string data, int? chaos, string? link)
    {
        AnsiConsole.Write(new Text("MisskeyAutomations sandbox\n", new Style(decoration: Decoration.Bold)));
        AnsiConsole.WriteLine(Phrase.Of($"A stand-in Misskey runs on {server} with a few simulated people. Your account is {"@alice"}.").In(Languages.OfEnvironment));
        AnsiConsole.WriteLine(Phrase.Of($"{Counts.Rules(rules.Rules.Count)} from {path} decide. Nothing leaves this machine. Ctrl+C ends it.").In(Languages.OfEnvironment));
        if (chaos is { } seed)
        {
            AnsiConsole.WriteLine(Phrase.Of($"One in five calls goes wrong (marked ⚡). Add --chaos {seed} to see the same faults again.").In(Languages.OfEnvironment));
        }

        if (link is not null)
        {
            AnsiConsole.WriteLine(Phrase.Of($"In the browser: {link} (its page Sandbox lets you play other people)").In(Languages.OfEnvironment));
        }

        AnsiConsole.WriteLine(Phrase.Of($"In another terminal: why --data {data} --rules {path}").In(Languages.OfEnvironment));
        AnsiConsole.WriteLine();
    }

    public void Listen(LiveFeed feed, RuleReloader reloader)
    {
        feed.Decided += Tell;
        feed.Changed += Tell;
        reloader.Reloaded += Tell;
    }

    /// <summary>What a simulated person did.</summary>
    public void Tell(PersonAct act) => Write(
        (Clock(), Quiet), ($"@{act.Who.Username} {act.What}", Person), (act.Text is null ? "" : $"  “{act.Text}”", Style.Plain),
        (act.RefusedWith is null ? "" : $"  refused: {act.RefusedWith}", Bad));

    /// <summary>What became of a call on its way.</summary>
    public void Tell(ChaosExchange exchange)
    {
        if (exchange.Trouble is { } trouble)
        {
            Write(("         ⚡ ", Quiet), ($"{exchange.Path}: {trouble}", Waiting));
        }
    }

    private void Tell(Event happening, IReadOnlyList<Verdict> verdicts)
    {
        // Every note of a rule comes back as a webhook; where no rule waits for it, it is no news.
        if (verdicts.Count == 0 && happening.Type == "note")
        {
            return;
        }

        var who = happening.User is { } user ? $" from @{user.GetText("username")}" : "";
        Write(("         ← ", Quiet), ($"{string.Join(" + ", happening.Types)}{who}", new Style(Color.Blue)), (verdicts.Count == 0 ? "  no rule listens" : "", Quiet));
        foreach (var verdict in verdicts)
        {
            if (verdict.Gate is null)
            {
                Write(("           ", Quiet), ($"{verdict.Rule} takes it", Style.Plain), (verdict.Because is { } note ? $"  {note}" : "", Quiet));
            }
            else
            {
                Write(("           ", Quiet), ($"{verdict.Rule} {(verdict switch
                {
                    { TookElse: true, Gate: Gates.Limit } => "takes its over",
                    { TookElse: true } => "takes its else",
                    _ => $"does not: {verdict.Gate}",
                })}", Quiet),
                    (verdict.Because is { } because ? $"  {because}" : "", Quiet));
            }
        }
    }

    private void Tell(Run run, Step? step)
    {
        if (step is { State: StepState.Done, Intent: { } done })
        {
            Write(("         → ", Quiet), ($"{run.RuleName}: {done.Summary}", Good), (step.Reason is { } note ? $"  ({note})" : "", Quiet));
            foreach (var remark in done.Remarks)
            {
                Write(("             ", Quiet), (remark, Quiet));
            }
        }
        else if (step is { State: StepState.Skipped or StepState.Failed or StepState.Uncertain })
        {
            Write(("         ✗ ", Quiet), ($"{run.RuleName}: {step.Kind} {step.State.ToString().ToLowerInvariant()}: {step.Reason}", step.State == StepState.Skipped ? Waiting : Bad));
        }

        if (run.State == RunState.Waiting)
        {
            var until = run.DueAt is { } due ? $" until {Moment(due)}" : "";
            Write(("         … ", Quiet), ($"{run.RuleName} waits{until} ({Why(run)})", Waiting));
        }
        else if (run.State is RunState.Skipped or RunState.Cancelled || (run.State == RunState.Failed && step is null))
        {
            Write(("         ✗ ", Quiet), ($"{run.RuleName} {run.State.ToString().ToLowerInvariant()}: {run.Gate}", Waiting), (run.Reason is { } reason ? $"  {reason}" : "", Quiet));
        }
    }

    private void Tell(RuleReading reading, bool inForce)
    {
        lock (_screen)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, reading.Diagnostics.Select(finding => finding.Source.Path).Distinct(StringComparer.Ordinal).Count());
        }

        Write(("         ⟳ ", Quiet), inForce
            ? (Phrase.Of($"the rules were reloaded: {Counts.Rules(reading.RuleSet!.Rules.Count)} in force").In(Languages.OfEnvironment), Good)
            : (Phrase.Of("the changed rules have errors; the last good ones stay in force").In(Languages.OfEnvironment), Bad));
    }

    private static string Why(Run run) => run.WaitsFor switch
    {
        WaitReason.After => "after",
        WaitReason.Step => "wait",
        _ => run.Reason ?? run.WaitsFor.ToString().ToLowerInvariant(),
    };

    private string Clock() => $"{Local(time.GetUtcNow())} ";

    // Beyond today, the hour alone would look like the past.
    private string Moment(DateTimeOffset at) => at.ToLocalTime().Date == time.GetUtcNow().ToLocalTime().Date
        ? Local(at) : at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Local(DateTimeOffset at) => at.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    // Texts of people are written as text, never as markup, and without the characters that command a terminal.
    private void Write(params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        lock (_screen)
        {
            var line = new Paragraph();
            foreach (var (text, style) in parts)
            {
                line.Append(Harmless(text), style);
            }

            AnsiConsole.Write(line);
            AnsiConsole.WriteLine();
        }
    }

    private static string Harmless(string text) => string.Concat(text.Select(character => character == '\n' ? " " : char.IsControl(character) ? "" : character.ToString()));
}
