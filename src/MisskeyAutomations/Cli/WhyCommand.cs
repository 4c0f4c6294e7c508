using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>why [EVENT] [RULE]</c>: what became of events, and why rules did not run. Reads only, beside a running engine.</summary>
internal static class WhyCommand
{
    private const int NewestShown = 20;
    private const int LongestName = 80;

    public static Command Describe()
    {
        var name = new Argument<string?>("EVENT")
        {
            Description = "A number from the list, an event's id or its beginning, a note's id or URL, or last; without it the newest events are listed",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var rule = new Argument<string?>("RULE") { Description = "One rule only, also one that the event did not concern", Arity = ArgumentArity.ZeroOrOne };
        var data = CommonOptions.Data();
        var rules = CommonOptions.Rules();
        name.CompletionSources.Add(Completions.ForShells(context => HasEvent(context) ? [] : ["last"]));
        rule.CompletionSources.Add(context => HasEvent(context) ? Completions.RuleNames(rules)(context) : []);
        var lang = Languages.Option();
        var command = new Command("why", "Show why rules ran or did not run for an event") { name, rule, data, rules, lang };
        command.SetAction(parsed => Run(
            parsed.GetValue(name), parsed.GetValue(rule), EngineSettings.ReadData(parsed.GetValue(data)), parsed.GetValue(rules),
            new WhyPrinter(Languages.Of(parsed))));
        return command;

        // The word at the cursor may be the event itself.
        bool HasEvent(CompletionContext context) => context.ParseResult.GetResult(name)?.Tokens is [var given, ..] && given.Value != context.WordToComplete;
    }

    private static int Run(string? name, string? rule, string data, string? rules, WhyPrinter printer)
    {
        using var readers = RecordedStore.Open(data);
        var (events, runs) = (new EventQueries(readers), new RunQueries(readers));
        if (name is null)
        {
            var newest = events.ListNewest(NewestShown);
            printer.Print(newest, runs.Of([.. newest.Select(recorded => recorded.Number)]));
        }
        else
        {
            var recorded = Find(events, name);
            Show(recorded, runs.Of([recorded.Number]), rule, rules, printer);
            if (!recorded.IsBodyKept)
            {
                printer.PrintGone(KeepingSettings.Write(EngineSettings.ReadRetention().Bodies));
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>The one event that a name means.</summary>
    /// <exception cref="CommandFailure">There is none, or several.</exception>
    public static RecordedEvent Find(EventQueries events, string name) => events.Find(name) switch
    {
        [var recorded] => recorded,
        [] => throw new CommandFailure(ExitCodes.Usage, $"No event '{Misskey.Words.Escape(name, LongestName)}' is recorded. `why` without a name lists the newest; an old one is not found by the beginning of its id."),
        var several => throw new CommandFailure(
            ExitCodes.Usage, $"'{Misskey.Words.Escape(name, LongestName)}' may be several events. Name one by its number: {string.Join(", ", several.Select(Name))}."),
    };

    private static string Name(RecordedEvent recorded) => string.Create(CultureInfo.InvariantCulture, $"{recorded.Number} ({WhyPrinter.TypesOf(recorded)})");

    private static void Show(RecordedEvent recorded, IReadOnlyList<RecordedRun> runs, string? rule, string? rules, WhyPrinter printer)
    {
        var told = recorded.Verdicts.Where(verdict => rule is null || verdict.Rule == rule).ToList();
        if (rule is null)
        {
            printer.Print(recorded, told, runs);
            ShowAbsent(recorded, rules, printer);
            return;
        }

        // Asked before anything is printed: a wrong name is all that there is to say.
        var absent = told.Count == 0 ? FindRule(rule, recorded, ReadRules(rules)) : null;
        printer.Print(recorded, told, runs);
        if (absent is not null)
        {
            printer.PrintAbsent([(absent, Absence.Explain(recorded, absent))]);
        }
    }

    // What is recorded can be told without the rules as they are now.
    private static void ShowAbsent(RecordedEvent recorded, string? path, WhyPrinter printer)
    {
        RuleSet rules;
        try
        {
            rules = ReadRules(path);
        }
        catch (CommandFailure trouble)
        {
            printer.Print(Phrase.Of($"Rules that were not asked are not told: {trouble.Sentence}"));
            return;
        }

        printer.PrintAbsent(Absence.Of(recorded, rules));
        if (Absence.CountOthers(recorded, rules) is > 0 and var others)
        {
            printer.Print(Phrase.Of($"{Counts.Rules(others)} on other events; `why {recorded.Number} RULE` tells of each."));
        }
    }

    private static Rule FindRule(string name, RecordedEvent recorded, RuleSet rules)
    {
        if (rules.Find(name) is { } rule)
        {
            return rule;
        }

        var nearest = NearestName.Find(name, rules.Rules.Select(known => known.Name).Concat(recorded.Verdicts.Select(verdict => verdict.Rule)));
        var wrong = Misskey.Words.Escape(name, LongestName);
        throw new CommandFailure(
            ExitCodes.Usage, nearest is null ? Phrase.Of($"There is no rule '{wrong}'.") : Phrase.Of($"There is no rule '{wrong}'. Did you mean '{nearest}'?"));
    }

    private static RuleSet ReadRules(string? path)
    {
        var reading = RuleFolders.Open(EngineSettings.ReadRules(path), EngineSettings.ReadAllowAdmin()).Read();
        return reading.RuleSet ?? throw new CommandFailure(ExitCodes.BadRules, "The rules have errors. `validate` shows them.");
    }
}
