using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// Actions of the table with their options.
internal sealed partial class StepReader
{
    private static readonly HashSet<string> ReservedNames = new(StringComparer.Ordinal)
    {
        "lists", "state", "secret", "error", "it", "true", "false", "null", "and", "or", "not", "in", "if", "has",
    };

    private StepNode.Call? ReadCall(ActionDescriptor action, SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        var errors = reading.Errors;
        if (action.NeedsNote && mapping.Find("to") is null && events.Lacking("note") is { } lacking)
        {
            reading.Report(RuleDiagnostics.NeedsNote.At(verb.Key, action.Name, lacking) with
            {
                Hint = reading.Actions.ContainsKey("note") && action.Main == ParameterType.Text ? "write 'note:' to post one that answers nothing" + (events.Lacking("user") is null ? ", or 'dm:' to write to the user" : "") : null,
                Note = "events with a note: " + string.Join(", ", EventTypes.All.Where(type => type.HasNote).Select(type => type.Name)),
            });
        }

        if (action.NeedsUser && mapping.Find("to") is null && events.Lacking("user") is { } nobody)
        {
            reading.Report(RuleDiagnostics.NeedsVariable.At(verb.Key, action.Name, "user", nobody) with { Hint = "say to whom, such as to: '@name@host'" });
        }

        if (action is { NeedsNote: true, Gives: "note" } && mapping.Find("to") is null && events.Names.Contains("reaction", StringComparer.Ordinal))
        {
            reading.Report(TriggerDiagnostics.AnswersOwnNote.At(verb.Key, action.Name) with { Hint = "write 'dm:' to write to whoever reacted, or 'to:' for another note" });
        }

        var arguments = new Dictionary<string, Argument>(StringComparer.Ordinal);
        var (answer, goesOn, allowsPrivate) = ((SourceNode.Scalar?)null, false, false);
        foreach (var (key, value) in mapping.Entries)
        {
            switch (key.Text)
            {
                case "as":
                    answer = reading.ReadText("as", value, "a name");
                    break;
                case "continue-on-error":
                    goesOn = _arguments.ReadBoolean("continue-on-error", value);
                    break;
                case "allow-private":
                    allowsPrivate = _arguments.ReadBoolean("allow-private", value);
                    break;
                default:
                    ReadArgument(action, key, value, path, named, arguments);
                    break;
            }
        }

        if (answer is not null)
        {
            Name(answer, action, named);
        }

        return reading.Errors > errors ? null : new()
        {
            Path = path,
            Span = mapping.Span,
            Action = action,
            Arguments = arguments,
            As = answer?.Text,
            ContinueOnError = goesOn,
            AllowPrivate = allowsPrivate,
        };
    }

    private void ReadArgument(
        ActionDescriptor action, SourceSlice key, SourceNode value, string path, Dictionary<string, Shape> named, Dictionary<string, Argument> arguments)
    {
        var isMain = key.Text == action.Name;
        var option = isMain ? null : action.Options.FirstOrDefault(option => option.Name == key.Text);
        if (!isMain && option is null)
        {
            ReportUnknownOption(action.Name, key, [.. action.Options.Select(known => known.Name), .. Language.CommonOptions]);
            return;
        }

        if (_arguments.Read(key.Text, isMain ? action.Main : option!.Type, value, $"{path}.{key.Text}", named, action.KnownEndpoints) is { } argument)
        {
            arguments[isMain ? "" : key.Text] = argument;
        }
    }

    private void Name(SourceNode.Scalar name, ActionDescriptor action, Dictionary<string, Shape> named)
    {
        if (!AnswerName().IsMatch(name.Text))
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), "an answer") with { Hint = "letters, digits and _" });
        }
        else if (action.Gives is null)
        {
            reading.Report(RuleDiagnostics.GivesNothing.At(name, action.Name) with { Hint = "remove 'as'" });
        }
        else if (ReservedNames.Contains(name.Text) || events.Context("", named).Variables.ContainsKey(name.Text))
        {
            reading.Report(RuleDiagnostics.NameTaken.At(name, name.Text) with { Hint = "choose another name" });
        }
        else
        {
            named[name.Text] = action.Gives switch
            {
                "note" => Schema.Note,
                "user" => Schema.User,
                "file" => Schema.File,
                _ => Shape.Any,
            };
        }
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{M}\p{N}_]{0,99}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex AnswerName();
}
