using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;
using Spectre.Console;
using Rule = MisskeyAutomations.Engine.Rules.Rule;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Prints recorded events, verdicts and runs. Whatever people wrote is printed escaped. Reasons are told as they were recorded, in
/// English; what stands around them in the language asked for.
/// </summary>
internal sealed class WhyPrinter(Translation language)
{
    private const int LongestText = 2_000;
    private const int LongestName = 80;
    private const int ShownOfId = 8;
    private const int RefusedShown = 3;

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Held = new(Color.Yellow);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>What an event means, all types of it.</summary>
    public static string TypesOf(RecordedEvent recorded) =>
        Misskey.Words.Escape(recorded.Happening is { } happening ? string.Join('+', happening.Types) : recorded.Type ?? "?", LongestName);

    /// <summary>A line for each event.</summary>
    public void Print(IReadOnlyList<RecordedEvent> events, IReadOnlyList<RecordedRun> runs)
    {
        if (events.Count == 0)
        {
            Write((Tell("No event is recorded yet."), Quiet));
            return;
        }

        var showsAccount = events.Select(recorded => recorded.Account).Distinct(StringComparer.Ordinal).Count() > 1;
        var rows = events.Select(recorded => (string[])
        [
            Text(recorded.Number).PadLeft(Text(events.Max(other => other.Number)).Length), ShortId(recorded.EventId), LocalTime.Of(recorded.CreatedAt),
            .. showsAccount ? [recorded.Account] : (string[])[], TypesOf(recorded), WhoOf(recorded),
        ]).ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => DisplayWidth.Of(row[column]))).ToList();
        foreach (var (row, recorded) in rows.Zip(events))
        {
            Write((Pad(row[0], widths[0]), Strong), ($"  {string.Join("  ", row.Skip(1).Take(2).Select((text, i) => Pad(text, widths[i + 1])))}", Quiet),
                ($"  {string.Join("  ", row.Skip(3).Select((text, i) => Pad(text, widths[i + 3])))}  ", Style.Plain),
                (Outcome(recorded, [.. runs.Where(run => run.Delivery == recorded.Number)]), recorded.Verdicts.Any(verdict => verdict.Runs) ? Good : Quiet));
        }
    }

    /// <summary>One event with verdicts, and the runs that came of them.</summary>
    public void Print(RecordedEvent recorded, IReadOnlyList<Verdict> verdicts, IReadOnlyList<RecordedRun> runs)
    {
        Write((Tell($"event {recorded.Number}"), Strong), ($"  {TypesOf(recorded)}  {WhoOf(recorded)}  {LocalTime.WithZone(recorded.CreatedAt)}", Style.Plain));
        Write(($"  {Tell($"id {recorded.EventId}, account {recorded.Account}, by {recorded.Source}, received {LocalTime.Of(recorded.ReceivedAt)}")}", Quiet));
        if (recorded.Verdicts.Count == 0)
        {
            Write(($"  {Outcome(recorded, [])}", Held));
        }

        foreach (var told in verdicts)
        {
            var made = runs.Where(run => run.Rule == told.Rule).ToList();
            var verdict = EventStory.Final(told, made);
            Write(($"  {verdict.Rule}  ", Strong), (WhyWords.Of(verdict).In(language), verdict.Runs ? Good : Held),
                (verdict.Because is { } because ? $"  {because}" : "", Style.Plain));
            foreach (var run in made)
            {
                Print(run.Reason == verdict.Because ? run with { Reason = null } : run);
            }
        }
    }

    /// <summary>Why rules were not asked.</summary>
    public void PrintAbsent(IReadOnlyList<(Rule Rule, Phrase Because)> absent)
    {
        foreach (var (rule, because) in absent)
        {
            Write(($"  {rule.Name}  ", Strong), (Tell($"was not asked"), Held), ($"  {because.In(language)}", Style.Plain));
        }
    }

    /// <summary>What is not there any more.</summary>
    public void PrintGone(string keptFor) => Write((Tell($"  What it said is no longer kept (retention: bodies {keptFor})."), Quiet));

    /// <summary>A remark below.</summary>
    public void Print(Phrase remark) => Write(($"  {remark.In(language)}", Quiet));

    private void Print(RecordedRun run)
    {
        Write(($"    {Tell($"run {run.Id}")}  ", Quiet), (WhyWords.Of(run, run.DueAt is { } due ? LocalTime.Of(due) : null).In(language), StyleOf(run.State)),
            (run.Attempts == 0 ? "" : $"  {Tell($"attempts without success: {run.Attempts}")}", Style.Plain), (run.Reason is { } reason ? $"  {reason}" : "", Style.Plain));
        foreach (var step in run.Steps.Select(recorded => recorded.Step))
        {
            Write(($"      {step.Path}  {step.Kind}  ", Quiet), (WhyWords.Of(step.State).In(language), StyleOf(step.State)),
                (step.Intent is { } intent ? $"  {intent.Summary}" : "", Style.Plain), (step.Reason is { } because ? $"  {because}" : "", Quiet));
        }
    }

    // A hundred rules may have refused it: those that run are named, and of the others some.
    private string Outcome(RecordedEvent recorded, IReadOnlyList<RecordedRun> runs)
    {
        if (recorded.IsUnreadable)
        {
            return Tell("what the rules said of it cannot be read: the store was damaged, or changed by another program");
        }

        if (recorded.Verdicts.Count == 0)
        {
            return WhyWords.Of(recorded.State, recorded.Note).In(language);
        }

        var verdicts = recorded.Verdicts.Select(told => EventStory.Final(told, [.. runs.Where(run => run.Rule == told.Rule)])).ToList();
        var states = verdicts.Where(verdict => verdict.Runs)
            .GroupBy(verdict => (runs.LastOrDefault(run => run.Rule == verdict.Rule) is { } run ? WhyWords.Of(run.State) : WhyWords.Of(verdict)).In(language), verdict => verdict.Rule, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}");
        var refused = verdicts.Where(verdict => !verdict.Runs).ToList();
        var named = string.Join(", ", refused.Take(RefusedShown).Select(verdict => $"{verdict.Rule} ({verdict.Gate})"));
        Phrase[] no = refused.Count switch
        {
            0 => [],
            <= RefusedShown => [Phrase.Of($"does not run: {named}")],
            _ => [Phrase.Of($"does not run: {Phrase.Of($"{named} and {refused.Count - RefusedShown} more")}")],
        };
        return string.Join("; ", states.Concat(no.Select(phrase => phrase.In(language))));
    }

    private string Tell(Phrase phrase) => phrase.In(language);

    /// <summary>The other party as people write it.</summary>
    public static string WhoOf(RecordedEvent recorded)
    {
        var person = recorded.Happening?.User ?? recorded.Happening?.Note?.FindObject("user");
        return person?.Acct() is { } name ? Misskey.Words.Escape($"@{name}", LongestName) : "-";
    }

    private static string ShortId(string eventId) =>
        Misskey.Words.Escape(Guid.TryParse(eventId, CultureInfo.InvariantCulture, out _) ? eventId[..ShownOfId] : eventId, LongestName);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - DisplayWidth.Of(text)));

    private static Style StyleOf(RunState state) => state switch
    {
        RunState.Succeeded => Good,
        RunState.Failed => Bad,
        _ => Held,
    };

    private static Style StyleOf(StepState state) => state switch
    {
        StepState.Done => Good,
        StepState.Failed or StepState.Uncertain => Bad,
        _ => Held,
    };

    private static void Write(params ReadOnlySpan<(string Text, Style Style)> parts) => StyledLine.Write(LongestText, parts);
}
