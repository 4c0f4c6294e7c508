using System.Globalization;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Checks the value of one parameter of an endpoint as far as it is known when the rule loads.</summary>
internal sealed class ParameterCheck(Reading reading, EndpointParameter parameter)
{
    /// <summary>Reports what is wrong with the value.</summary>
    public void Check(SourceNode node, Argument argument)
    {
        if (argument is Argument.Constant { Value.IsNull: true })
        {
            if (!parameter.Nullable && parameter.Type != EndpointValue.Any)
            {
                ReportType(node, parameter.Type, Phrase.Of("nothing"));
            }

            return;
        }

        if (argument is Argument.Sequence sequence && node is SourceNode.Sequence written && parameter.Type == EndpointValue.List)
        {
            foreach (var (entry, value) in written.Entries.Zip(sequence.Entries))
            {
                CheckValue(entry, value, parameter.Element ?? EndpointValue.Any);
            }

            ReportRange(node, sequence.Entries.Count, range => parameter.Most == 1 ? Phrase.Of($"{range} entry") : Phrase.Of($"{range} entries"));
            return;
        }

        CheckValue(node, argument, parameter.Type);
    }

    private void CheckValue(SourceNode node, Argument argument, EndpointValue type)
    {
        if (type == EndpointValue.Any)
        {
            return;
        }

        var (shape, fixedValue) = Known(argument);
        if (!Fits(shape, type))
        {
            ReportType(node, type, ShapeWords.Of(shape), HintFor(node, shape, type));
        }
        else if (fixedValue is { } value)
        {
            CheckFixed(node, value, type);
        }
    }

    // What is known of a value: its shape, and itself when it has no holes.
    private static (Shape Shape, Value? Fixed) Known(Argument argument) => argument switch
    {
        Argument.Constant { Value: var value } => (ShapeOf(value.Kind), value),
        Argument.Text { Template: { IsConstant: true } template } => (Shape.Text, template.Render(new Scope())),
        Argument.Text text => (text.Template.Shape, null),
        Argument.Expression expression => (expression.Compiled.Shape, null),
        Argument.Sequence => (Shape.List(Shape.Any), null),
        Argument.Mapping => (Schema.Open, null),
        _ => (Shape.Any, null),
    };

    private static Shape ShapeOf(ValueKind kind) => kind switch
    {
        ValueKind.Number => Shape.Number,
        ValueKind.Boolean => Shape.Boolean,
        ValueKind.Text => Shape.Text,
        _ => Shape.Any,
    };

    private static bool Fits(Shape shape, EndpointValue type) => shape is Shape.AnyShape || type switch
    {
        EndpointValue.Text or EndpointValue.Id => shape is Shape.TextShape,
        EndpointValue.Whole or EndpointValue.Number => shape is Shape.NumberShape,
        EndpointValue.Boolean => shape is Shape.BooleanShape,
        EndpointValue.List => shape is Shape.ListShape,
        EndpointValue.Mapping => shape is Shape.ObjectShape,
        _ => true,
    };

    private void CheckFixed(SourceNode node, Value value, EndpointValue type)
    {
        switch (type)
        {
            case EndpointValue.Whole when value.Number != Math.Floor(value.Number):
                ReportType(node, type, $"{value.ToText()}");
                break;
            case EndpointValue.Whole or EndpointValue.Number:
                ReportRange(node, value.Number, range => range);
                break;
            case EndpointValue.Id when !value.ToText().All(char.IsAsciiLetterOrDigit) || value.ToText().Length == 0:
                ReportType(node, type, $"'{Excerpt.Of(value.ToText())}'", "an id is of letters and digits; users/show finds a person's by their username");
                break;
            case EndpointValue.Text when parameter.Words.Count > 0 && !parameter.Words.Contains(value.ToText(), StringComparer.Ordinal):
                reading.Report(EndpointDiagnostics.UnknownParameterWord.At(node, parameter.Name, Words.Or(parameter.Words), Excerpt.Of(value.ToText())) with
                {
                    Hint = Reading.DidYouMean(value.ToText(), parameter.Words),
                });
                break;
            case EndpointValue.Text or EndpointValue.Id when parameter.Type != EndpointValue.List:
                ReportRange(node, value.ToText().EnumerateRunes().Count(), range => parameter.Most == 1 ? Phrase.Of($"{range} character") : Phrase.Of($"{range} characters"));
                break;
        }
    }

    private void ReportType(SourceNode node, EndpointValue type, Phrase given, Phrase? hint = null) =>
        reading.Report(EndpointDiagnostics.WrongParameterType.At(node, parameter.Name, WordsOf(type), given) with { Hint = hint });

    private void ReportRange(SourceNode node, double value, Func<Phrase, Phrase> inUnits)
    {
        if (value >= (parameter.Least ?? double.MinValue) && value <= (parameter.Most ?? double.MaxValue))
        {
            return;
        }

        var range = (parameter.Least, parameter.Most) switch
        {
            ({ } least, { } most) => Phrase.Of($"{Written(least)} to {Written(most)}"),
            ({ } least, null) => Phrase.Of($"{Written(least)} or more"),
            var (_, most) => Phrase.Of($"at most {Written(most!.Value)}"),
        };
        reading.Report(EndpointDiagnostics.OutOfRange.At(node, parameter.Name, inUnits(range), Written(value)));
    }

    private static string Written(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static Phrase? HintFor(SourceNode node, Shape shape, EndpointValue type) => (type, shape, node) switch
    {
        (EndpointValue.Id, Shape.ObjectShape { IsEntity: true }, SourceNode.Scalar { Text: ['$', '{', .., '}'] text }) =>
            Phrase.Of($"write {$"${{{text[2..^1].Trim()}.id}}"}"),
        (EndpointValue.List, not Shape.ObjectShape, SourceNode.Scalar { Text: var text }) => Phrase.Of($"write [{Excerpt.Of(text)}]"),
        (EndpointValue.Whole or EndpointValue.Number, Shape.TextShape, SourceNode.Scalar { IsPlain: false, Text: var text })
            when CoreScalar.IsNumber(text) => Phrase.Of("remove the quotes"),
        (EndpointValue.Boolean, Shape.TextShape, SourceNode.Scalar { IsPlain: false, Text: "true" or "false" }) => Phrase.Of("remove the quotes"),
        (EndpointValue.Text or EndpointValue.Id, Shape.NumberShape or Shape.BooleanShape, SourceNode.Scalar { IsPlain: true, Text: var text })
            when !text.Contains("${", StringComparison.Ordinal) => Phrase.Of($"write '{Excerpt.Of(text)}'"),
        _ => null,
    };

    private static Phrase WordsOf(EndpointValue type) => type switch
    {
        EndpointValue.Text => Phrase.Of("a text"),
        EndpointValue.Id => Phrase.Of("an id"),
        EndpointValue.Whole => Phrase.Of("a whole number"),
        EndpointValue.Number => Phrase.Of("a number"),
        EndpointValue.Boolean => Phrase.Of("true or false"),
        EndpointValue.List => Phrase.Of("a list"),
        EndpointValue.Mapping => Phrase.Of("a mapping"),
        _ => Phrase.Of("a value"),
    };
}
