using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Checks a call of an endpoint against the catalogue: its name, its parameters and their values, as far as they are known.</summary>
internal sealed class EndpointCheck(Reading reading, EndpointCatalogue catalogue)
{
    /// <summary>Reports what is wrong, and gives the shape of the answer.</summary>
    /// <param name="name">The endpoint as written.</param>
    /// <param name="with">What stands under <c>with</c>; null when nothing does.</param>
    /// <param name="argument">The same, read; null when nothing stands there or it could not be read.</param>
    /// <param name="isUnlisted">Whether the rule says that the name is meant, although the catalogue lacks it.</param>
    public Shape Check(SourceNode.Scalar name, SourceNode? with, Argument? argument, bool isUnlisted)
    {
        if (!isUnlisted)
        {
            RequireKnown(name);
        }

        if (catalogue.Refusal(name.Text) is { } refusal)
        {
            reading.Report(EndpointDiagnostics.ClosedEndpoint.At(name, Excerpt.Of(name.Text), refusal));
            return Shape.Any;
        }

        if (catalogue.NeedsAdmin(name.Text))
        {
            reading.Report(EndpointDiagnostics.NeedsAdmin.At(name, Excerpt.Of(name.Text)));
        }

        var mapping = with as SourceNode.Mapping;
        if (mapping is null && with is not null and not SourceNode.Scalar { IsNull: true })
        {
            // `with: ${answer}` may be a mapping, which only the run will know.
            if (argument is Argument.Constant or Argument.Sequence or Argument.Text { Template.Shape: not (Shape.AnyShape or Shape.ObjectShape) })
            {
                var given = with is SourceNode.Sequence ? Phrase.Of("a list") : Phrase.Of("a text");
                reading.Report(EndpointDiagnostics.WrongParameterType.At(with, "with", Phrase.Of("a mapping of parameters"), given));
            }

            return catalogue.Find(name.Text) is { ListedBy: null, Answer: var answer } ? answer : Shape.Any;
        }

        var names = Refuse(name.Text, mapping);
        if (catalogue.Find(name.Text) is not { } endpoint)
        {
            return Shape.Any;
        }

        CheckParameters(endpoint, mapping, (argument as Argument.Mapping)?.Entries);
        if (mapping is not { HasRefusedKeys: true })
        {
            ReportMissing(endpoint, name, names);
        }

        return endpoint.AnswerTo(names);
    }

    // Forks have endpoints of their own, but not often one that differs from Misskey's by a letter.
    private void RequireKnown(SourceNode.Scalar name)
    {
        if (catalogue.Names.Count == 0 || catalogue.Names.Contains(name.Text, StringComparer.Ordinal))
        {
            return;
        }

        reading.Report(NearestName.Find(name.Text, catalogue.Names) is { } near
            ? RuleDiagnostics.MisspeltEndpoint.At(name, Excerpt.Of(name.Text)) with { Hint = $"did you mean '{near}'?", Note = "where the server has an endpoint of just this name, add 'unlisted: true' beside 'api:'" }
            : RuleDiagnostics.UnknownEndpoint.At(name, Excerpt.Of(name.Text)) with { Hint = "where the server has it, add 'unlisted: true' beside 'api:'" });
    }

    // The names that are given, after having refused those that are not for rules.
    private HashSet<string> Refuse(string endpoint, SourceNode.Mapping? mapping)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in mapping?.Entries ?? [])
        {
            given.Add(key.Text);
            if (catalogue.ParameterRefusal(endpoint, key.Text) is { } refusal)
            {
                reading.Report(EndpointDiagnostics.ForbiddenParameter.At(key, Excerpt.Of(key.Text), refusal));
            }
        }

        return given;
    }

    private void CheckParameters(EndpointShape endpoint, SourceNode.Mapping? mapping, IReadOnlyDictionary<string, Argument>? arguments)
    {
        var known = endpoint.Parameters.Select(parameter => parameter.Name);
        foreach (var (key, node) in mapping?.Entries ?? [])
        {
            if (endpoint.Parameters.FirstOrDefault(parameter => parameter.Name == key.Text) is { } parameter)
            {
                if (arguments?.GetValueOrDefault(key.Text) is { } argument)
                {
                    new ParameterCheck(reading, parameter).Check(node, argument);
                }
            }
            else if (catalogue.ParameterRefusal(endpoint.Name, key.Text) is null)
            {
                reading.Report(EndpointDiagnostics.UnknownParameter.At(key, endpoint.Name, Excerpt.Of(key.Text)) with
                {
                    Hint = Reading.DidYouMean(key.Text, known),
                    Note = endpoint.Parameters.Count == 0 ? Phrase.Of("it takes none") : Phrase.Of($"parameters: {string.Join(", ", known)}"),
                });
            }
        }
    }

    private void ReportMissing(EndpointShape endpoint, SourceNode.Scalar name, HashSet<string> given)
    {
        string[] missing =
            [.. endpoint.Parameters.Where(parameter => parameter.Required && !given.Contains(parameter.Name)).Select(parameter => $"'{parameter.Name}'")];
        if (missing.Length > 0)
        {
            Report(Words.And(missing));
        }
        else if (endpoint.OneOf.Count > 0 && !endpoint.OneOf.Any(way => way.All(given.Contains)))
        {
            Report(Words.Or([.. endpoint.OneOf.Select(way => string.Join(" + ", way.Select(parameter => $"'{parameter}'")))]));
        }

        void Report(Phrase what) => reading.Report(EndpointDiagnostics.MissingParameter.At(name, endpoint.Name, what) with
        {
            Hint = "write it below 'with:', which stands beside 'api:'",
        });
    }
}
