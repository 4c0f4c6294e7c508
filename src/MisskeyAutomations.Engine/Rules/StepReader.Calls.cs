using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Rules;

// Actions of the table with their options.
internal sealed partial class StepReader
{
    private StepNode.Call? ReadCall(ActionDescriptor action, SourceEntry verb, SourceNode.Mapping mapping, string path, Dictionary<string, Shape> named)
    {
        var errors = reading.Errors;
        CheckNeeds(action, verb, mapping);
        if (action is { NeedsNote: true, Gives: "note" } && mapping.Find("to") is null && events.Names.Contains("reaction", StringComparer.Ordinal))
        {
            reading.Report(TriggerDiagnostics.AnswersOwnNote.At(verb.Key, action.Name) with { Hint = "write 'dm:' to write to whoever reacted, or 'to:' for another note" });
        }

        var arguments = new Dictionary<string, Argument>(StringComparer.Ordinal);
        var (answer, goesOn, allowsPrivate) = ((SourceNode.Scalar?)null, false, false);
        var assurance = Assurance.EffectivelyOnce;
        foreach (var (key, value) in mapping.Entries)
        {
            switch (key.Text)
            {
                case "as":
                    answer = reading.ReadText("as", value, "a name");
                    break;
                case "delivery":
                    assurance = ReadDelivery(action, value);
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

        CallLaw.Check(reading, action, mapping, arguments);
        var shape = action.Endpoints is { } endpoints && verb.Value is SourceNode.Scalar endpoint && arguments.ContainsKey("")
            ? new EndpointCheck(reading, endpoints).Check(
                endpoint, mapping.Find("with")?.Value, arguments.GetValueOrDefault("with"), (arguments.GetValueOrDefault("unlisted") as Argument.Constant)?.Value.IsTrue ?? false) : null;
        if (answer is not null)
        {
            Name(answer, action, shape, named);
        }

        GatherEndpoints(action, arguments);
        _hasPosted |= action.Gives == "note" || action.Main == ParameterType.Endpoint;

        return reading.Errors > errors ? null : new()
        {
            Path = path,
            Span = mapping.Span,
            Action = action,
            Arguments = arguments,
            As = answer?.Text,
            Assurance = assurance,
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

        var parameter = option ?? new Parameter(action.Name, action.Main, action.Doc);
        if (_arguments.Read(key.Text, parameter, value, $"{path}.{key.Text}", named, action) is { } argument)
        {
            arguments[isMain ? "" : key.Text] = argument;
        }
    }

    private void Name(SourceNode.Scalar name, ActionDescriptor action, Shape? known, Dictionary<string, Shape> named)
    {
        if (action.Gives is null && ValueNames.IsValid(name.Text))
        {
            reading.Report(RuleDiagnostics.GivesNothing.At(name, action.Name) with { Hint = "remove 'as'" });
            return;
        }

        Name(name.Value, Phrase.Of("an answer"), named, known ?? action.GivenShape);
    }

    // Whether the name is one that later steps can use; they can from now on.
    private bool Name(SourceSlice name, Phrase owner, Dictionary<string, Shape> named, Shape shape)
    {
        if (!ValueNames.IsUsable(reading, name, owner, events.Context("", named)))
        {
            return false;
        }

        named[name.Text] = shape;
        return true;
    }
}
