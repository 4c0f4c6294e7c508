using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MisskeyAutomations.Cli;

/// <summary>
/// The answer to <c>[suggest:N] LINE</c>, N being the cursor's place in the line (its end when there is no N): what may stand there, one a line. Options are named only
/// to whoever began one with a hyphen. Whatever is in the way, such as rules with errors, there is nothing to name and no word is said.
/// </summary>
internal sealed class Suggestions(SuggestDirective directive) : SynchronousCommandLineAction
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Lets the directive of a program be answered like this.</summary>
    public static void AddTo(RootCommand root)
    {
        var directive = root.Directives.OfType<SuggestDirective>().Single();
        directive.Action = new Suggestions(directive);

        // `/h` is a path, and `-?` a pattern of the shell.
        foreach (var help in root.Options.OfType<System.CommandLine.Help.HelpOption>())
        {
            help.Aliases.Remove("/h");
            help.Aliases.Remove("/?");
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        try
        {
            foreach (var suggestion in Find(parseResult))
            {
                Console.Out.Write($"{suggestion}\n");
            }
        }
        catch (Exception trouble) when (trouble is CommandFailure or IOException or UnauthorizedAccessException)
        {
            return ExitCodes.Done;
        }

        return ExitCodes.Done;
    }

    private string[] Find(ParseResult asked)
    {
        var line = asked.Tokens.Where(token => token.Type != TokenType.Directive).Select(token => token.Value).FirstOrDefault() ?? "";
        var end = asked.GetResult(directive)?.Values is [var place, ..] && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? Math.Min(cursor, line.Length) : line.Length;
        var typed = line[..end];
        var word = typed[(typed.LastIndexOfAny(Blanks) + 1)..];
        return [.. asked.RootCommandResult.Command.Parse(typed).GetCompletions(typed.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(text => text.StartsWith(word, StringComparison.Ordinal) && (text[0] == '-') == word.StartsWith('-'))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
