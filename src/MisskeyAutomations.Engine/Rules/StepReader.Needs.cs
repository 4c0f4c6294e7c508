using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Rules;

// What a step needs: of its events, of its options, and of Misskey.
internal sealed partial class StepReader
{
    private readonly SortedSet<string> _endpoints = new(StringComparer.Ordinal);

    /// <summary>The endpoints that the steps read so far may call, and those that answer the rule's look-ups.</summary>
    public IReadOnlySet<string> Endpoints()
    {
        _endpoints.UnionWith(events.Lookups.Select(kind => kind.Endpoint).OfType<string>());
        return _endpoints;
    }

    private void GatherEndpoints(ActionDescriptor action, IReadOnlyDictionary<string, Argument> arguments)
    {
        events.Lookups.UnionWith(action.Lookups);
        if (action.Endpoint is { } endpoint)
        {
            _endpoints.Add(endpoint);
        }
        else if (action.Main == ParameterType.Endpoint && arguments.GetValueOrDefault("") is Argument.Constant literal)
        {
            _endpoints.Add(literal.Value.Text);
        }
    }

    private void CheckNeeds(ActionDescriptor action, SourceEntry verb, SourceNode.Mapping mapping)
    {
        if (mapping.Find("to") is null && action.NeedsNote && events.Lacking("note") is { } withoutNote)
        {
            reading.Report(RuleDiagnostics.NeedsNote.At(verb.Key, action.Name, withoutNote) with
            {
                Hint = reading.Actions.ContainsKey("note") && action.Main == ParameterType.Text ? "write 'note:' to post one that answers nothing, or 'dm:' to write to the user" : null,
                Note = RuleEvents.With("note"),
            });
        }

        if (mapping.Find("to") is null && action.NeedsUser && events.Lacking("user") is { } withoutUser)
        {
            reading.Report(RuleDiagnostics.NeedsUser.At(verb.Key, action.Name, withoutUser) with
            {
                Hint = "say who is meant with 'to'",
                Note = RuleEvents.With("user"),
            });
        }

        foreach (var option in action.Options.Where(option => option.IsRequired && mapping.Find(option.Name) is null && !mapping.HasRefusedKeys))
        {
            reading.Report(RuleDiagnostics.MissingOption.At(verb.Key, action.Name, option.Name) with { Hint = $"write {option.Name}: below it. {(Phrase)option.Doc}" });
        }
    }

    private Assurance ReadDelivery(ActionDescriptor action, SourceNode node)
    {
        if (_arguments.ReadWord("delivery", node, Language.Assurances) is not { } word)
        {
            return Assurance.EffectivelyOnce;
        }

        var assurance = (Assurance)Language.Assurances.Index().First(known => known.Item == word.Value.Text).Index;
        if (!action.Assurances.Contains(assurance))
        {
            reading.Report(RuleDiagnostics.InvalidDelivery.At(node, action.Name, word.Value.Text) with
            {
                Hint = action.Assurances.Count == 0 ? "nothing is sent: remove 'delivery'"
                    : Phrase.Of($"nobody can find out whether it arrived: write {Words.Or([.. action.Assurances.Select(allowed => Language.Assurances[(int)allowed])])}"),
            });
        }

        return assurance;
    }
}
