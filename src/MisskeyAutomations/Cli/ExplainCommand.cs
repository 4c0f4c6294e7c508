using System.CommandLine;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Explanations;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;
using Spectre.Console;
using Rule = MisskeyAutomations.Engine.Rules.Rule;

namespace MisskeyAutomations.Cli;

/// <summary><c>explain</c>: rules in words.</summary>
internal static class ExplainCommand
{
    private const int Indent = 2;

    public static Command Describe()
    {
        var name = new Argument<string?>("RULE") { Description = "The name of a rule (default: all rules)", DefaultValueFactory = _ => null };
        var rules = CommonOptions.Rules();
        name.CompletionSources.Add(Completions.RuleNames(rules));
        var lang = Languages.Option();
        var command = new Command("explain", "Say in words what rules do: when, how often, with what permissions") { name, rules, lang };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(rules), Languages.Of(parsed)));
        return command;
    }

    private static int Run(string? name, string? path, Translation language)
    {
        var folder = RuleFolders.Open(EngineSettings.ReadRules(path), EngineSettings.ReadAllowAdmin());
        var reading = folder.Read();
        if (reading.RuleSet is not { } rules)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
            return ExitCodes.Findings;
        }

        foreach (var rule in name is null ? rules.Rules : [Find(rules, name)])
        {
            foreach (var line in RuleExplainer.Explain(rule, rules, new EndpointFacts(Permissions.For, EndpointTraits.BudgetOf), TimeProvider.System.GetUtcNow()))
            {
                Print(line, language);
            }

            Console.WriteLine();
        }

        return ExitCodes.Done;
    }

    private static Rule Find(RuleSet rules, string name) => rules.Find(name)
        ?? throw new CommandFailure(ExitCodes.Usage, NearestName.Find(name, rules.Rules.Select(rule => rule.Name)) is { } near
            ? Phrase.Of($"There is no rule '{name}'. Did you mean '{near}'?")
            : Phrase.Of($"There is no rule '{name}'. There are: {string.Join(", ", rules.Rules.Select(rule => rule.Name))}."));

    private static void Print(ExplainedLine line, Translation language) => AnsiConsole.Write(new Text(
        $"{new string(' ', Indent * line.Depth)}{line.Text.In(language)}\n", line.Depth == 0 ? new Style(decoration: Decoration.Bold) : Style.Plain));
}
