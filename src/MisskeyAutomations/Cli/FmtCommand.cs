using System.CommandLine;
using System.Text;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Formatting;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary><c>fmt PATH</c>: writes rule files as everybody would; with <c>--check</c> it only says which are not.</summary>
internal static class FmtCommand
{
    private const string StandardInput = "-";

    public static Command Describe()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Rule files and folders of them (default: the folder that the configuration names, else rules); - for a text on standard input, whose formatted form goes to standard output",
            DefaultValueFactory = _ => [],
            Arity = ArgumentArity.ZeroOrMore,
        };
        var check = new Option<bool>("--check") { Description = "Change nothing; end with 1 when a file is not formatted" };
        var lang = Languages.Option();
        var command = new Command("fmt", "Format rule files: indentation, quotes, expressions; comments and blank lines stay") { paths, check, lang };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(paths), parsed.GetValue(check), Languages.Of(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, bool checks, Translation language, CancellationToken cancellationToken)
    {
        if (paths is [StandardInput])
        {
            return await FilterAsync(checks, language, cancellationToken);
        }

        paths = paths is [] ? [EngineSettings.ReadRules(null)] : paths;
        string[] files = [.. paths.SelectMany(path => RuleFolders.Open(path, allowAdmin: true).List()).Distinct(StringComparer.Ordinal)];
        var (changed, left, findings) = (0, 0, new List<Diagnostic>());
        foreach (var path in files)
        {
            if (!RuleFileText.TryRead(path, out var text, out var finding))
            {
                findings.Add(finding);
                continue;
            }

            var formatting = RuleFormatter.Format(new SourceText(path, text), ActionTable.Descriptors);
            findings.AddRange(formatting.Errors);
            if (formatting.Obstacle is { } obstacle)
            {
                left++;
                Console.WriteLine(Phrase.Of($"{path} stays as it is: {obstacle}").In(language));
            }
            else if (formatting.Text is { } formatted && formatted != text)
            {
                changed++;
                Change(path, formatted, checks, language);
            }
        }

        return Conclude(files.Length, changed, left, findings, checks, language);
    }

    private static void Change(string path, string formatted, bool checks, Translation language)
    {
        if (!checks)
        {
            RuleFileReplacement.Write(path, formatted);
        }

        Console.WriteLine((checks ? Phrase.Of($"{path} is not formatted") : Phrase.Of($"{path} was formatted")).In(language));
    }

    private static int Conclude(int files, int changed, int left, List<Diagnostic> findings, bool checks, Translation language)
    {
        DiagnosticPrinter.Print(findings, files, language);
        if (findings.Count > 0)
        {
            Console.WriteLine(Phrase.Of("Files with errors stay as they are.").In(language));
        }
        else if (changed + left == 0)
        {
            Console.WriteLine(Phrase.Of($"{Counts.Files(files)}: nothing to change.").In(language));
        }

        return findings.Count > 0 || left > 0 || (checks && changed > 0) ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static async Task<int> FilterAsync(bool checks, Translation language, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var text = await reader.ReadToEndAsync(cancellationToken);
        var formatting = RuleFormatter.Format(new SourceText("(standard input)", text), ActionTable.Descriptors);
        if (formatting.Text is not { } formatted)
        {
            // Standard output is for the text alone.
            await Console.Error.WriteAsync(formatting.Obstacle is { } obstacle ? $"{obstacle.In(language)}\n" : DiagnosticText.Render(formatting.Errors, language));
            return ExitCodes.Findings;
        }

        if (checks)
        {
            return formatted == text ? ExitCodes.Done : ExitCodes.Findings;
        }

        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Encoding.UTF8.GetBytes(formatted), cancellationToken);
        return ExitCodes.Done;
    }
}
