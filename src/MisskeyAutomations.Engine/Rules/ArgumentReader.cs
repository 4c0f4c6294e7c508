using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads what stands behind a step's key or option, by its type in the table of steps.</summary>
internal sealed partial class ArgumentReader(Reading reading, RuleEvents events)
{
    /// <summary>Null after an error.</summary>
    public Argument? Read(
        string key, Parameter parameter, SourceNode node, string place, IReadOnlyDictionary<string, Shape> named, ActionDescriptor action)
    {
        var context = events.Context(place, named) with { AllowsSecrets = action.TakesSecrets };
        return parameter.Type switch
        {
            ParameterType.Text => ReadTemplate(key, node, context),
            ParameterType.User => ReadEntity(key, node, context, Schema.User),
            ParameterType.Note => ReadEntity(key, node, context, Schema.Note),
            ParameterType.Users => ReadUsers(key, node, context),
            ParameterType.Visibility => ReadWord(key, node, Language.Visibilities),
            ParameterType.Reaction => ReadReaction(key, node, context),
            ParameterType.Boolean => new Argument.Constant(Value.Of(ReadBoolean(key, node))),
            ParameterType.Duration => ReadLength(key, node),
            ParameterType.Files => ReadFiles(key, node, context),
            ParameterType.Poll => ReadPoll(key, node, context),
            ParameterType.Json => ReadJson(node, context),
            ParameterType.Endpoint => ReadEndpoint(key, node, action.Endpoints?.Names ?? []),
            ParameterType.Word => ReadWord(key, node, parameter.Words is [] ? null : parameter.Words),
            ParameterType.Address => ReadAddress(key, node, context),
            ParameterType.Headers => ReadHeaders(key, node, context),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>A value of any depth whose texts may hold holes; null after an error.</summary>
    public Argument? ReadValue(SourceNode node, string place, IReadOnlyDictionary<string, Shape> named) => ReadJson(node, events.Context(place, named));

    public bool ReadBoolean(string key, SourceNode node)
    {
        if (reading.ReadText(key, node, "true or false") is not { } word || word is { IsPlain: true, Text: "false" })
        {
            return false;
        }

        if (word is not { IsPlain: true, Text: "true" })
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(word, key, Phrase.Of("true or false"), Excerpt.Of(word.Text)) with
            {
                Hint = word.Text.ToLowerInvariant() switch
                {
                    "yes" or "on" or "1" or "true" => "write true",
                    "no" or "off" or "0" or "false" => "write false",
                    _ => null,
                },
            });
        }

        return true;
    }

    private Argument.Text? ReadTemplate(string key, SourceNode node, ExpressionContext context)
    {
        if (node is SourceNode.Scalar { IsNull: false } scalar)
        {
            return ExpressionCompiler.CompileTemplate(scalar.Value, context, reading.Diagnostics) is { } template ? new(template) : null;
        }

        reading.ReportWrongKind(key, "text", node, node switch
        {
            SourceNode.Mapping { IsFlow: false } => Phrase.Of($"an option stands beside '{key}', aligned with it"),
            SourceNode.Mapping => "quote the text, or use |",
            SourceNode.Sequence { IsFlow: true } => "quote the text, or use |",
            _ => null,
        });
        return null;
    }

    private Argument.Expression? ReadEntity(string key, SourceNode node, ExpressionContext context, Shape.ObjectShape entity)
    {
        var expected = ShapeWords.Of(entity);
        if (reading.ReadText(key, node, $"an expression that gives {expected}") is not { } text || Compile(key, text, context) is not { } compiled)
        {
            return null;
        }

        if (MayBe(compiled.Shape, entity))
        {
            return new(compiled);
        }

        ReportWrongType(key, expected, text, compiled.Shape, entity);
        return null;
    }

    private CompiledExpression? Compile(string key, SourceNode.Scalar text, ExpressionContext context)
    {
        if (Variable().Match(text.Text) is { Success: true } variable
            && EventTypes.All.Any(type => type.Variables.ContainsKey(variable.Value))
            && context.Variables.ContainsKey(variable.Value)
            && events.Lacking(variable.Value) is { } lacking)
        {
            reading.Report(RuleDiagnostics.NeedsVariable.At(text, key, variable.Value, lacking) with { Note = RuleEvents.With(variable.Value) });
            return null;
        }

        return ExpressionCompiler.Compile(text.Value, context, reading.Diagnostics);
    }

    // An id does as well as the object, and of an open object nobody knows what it is.
    private static bool MayBe(Shape shape, Shape.ObjectShape entity) =>
        shape is Shape.AnyShape or Shape.TextShape or Shape.ObjectShape { Open: true }
        || shape.Equals(entity) || (entity.Equals(Schema.User) && shape.Equals(Schema.Me));

    private void ReportWrongType(string key, Phrase expected, SourceNode.Scalar text, Shape shape, Shape.ObjectShape entity) =>
        reading.Report(RuleDiagnostics.WrongType.At(text, key, expected, Excerpt.Of(text.Text), ShapeWords.Of(shape)) with
        {
            Hint = shape is Shape.ObjectShape given && given.Properties.Values.FirstOrDefault(property => property.Shape.Equals(entity)) is { } property
                ? Phrase.Of($"did you mean '{Excerpt.Of(text.Text)}.{property.Name}'?")
                : null,
        });

    private Argument? ReadUsers(string key, SourceNode node, ExpressionContext context)
    {
        if (node is SourceNode.Sequence sequence)
        {
            List<Argument> entries = [.. sequence.Entries.Select(entry => ReadUsers(key, entry, context)).OfType<Argument>()];
            if (sequence.Entries.Count == 0)
            {
                reading.Report(RuleDiagnostics.Empty.At(node, key) with { Hint = "it takes a user or a list of users" });
            }

            return entries.Count == sequence.Entries.Count ? new Argument.Sequence(entries) : null;
        }

        if (reading.ReadText(key, node, "a user, a list of users or '@name@host'") is not { } text)
        {
            return null;
        }

        if (text.Text.StartsWith('@'))
        {
            if (Address().IsMatch(text.Text))
            {
                return new Argument.Constant(Value.Of(text.Text, ValueMarks.Markup));
            }

            reading.Report(RuleDiagnostics.InvalidAddress.At(text, Excerpt.Of(text.Text)));
            return null;
        }

        if (Compile(key, text, context) is not { } compiled)
        {
            return null;
        }

        if (MayBe(compiled.Shape is Shape.ListShape list ? list.Element : compiled.Shape, Schema.User))
        {
            return new Argument.Expression(compiled);
        }

        ReportWrongType(key, "a user or a list of users", text, compiled.Shape, Schema.User);
        return null;
    }

    public Argument.Constant? ReadWord(string key, SourceNode node, IReadOnlyList<string>? words)
    {
        var expected = words is null ? Phrase.Of("a word") : Words.Or(words);
        if (reading.ReadText(key, node, expected) is not { } text)
        {
            return null;
        }

        if (text.Text.Contains("${", StringComparison.Ordinal))
        {
            reading.Report(RuleDiagnostics.NoHoles.At(text, key));
            return null;
        }

        if (words is null || words.Contains(text.Text, StringComparer.Ordinal))
        {
            return new(Value.Of(text.Text, ValueMarks.Markup));
        }

        reading.Report(RuleDiagnostics.InvalidWord.At(text, key, expected, Excerpt.Of(text.Text)) with { Hint = Reading.DidYouMean(text.Text, words) });
        return null;
    }

    private Argument? ReadReaction(string key, SourceNode node, ExpressionContext context)
    {
        if (reading.ReadText(key, node, "the name of a custom emoji, or an emoji") is not { } text)
        {
            return null;
        }

        if (text.Text.Contains("${", StringComparison.Ordinal))
        {
            return ExpressionCompiler.CompileTemplate(text.Value, context, reading.Diagnostics) is { } template ? new Argument.Text(template) : null;
        }

        if (text.Text is [':', .., ':'] && EmojiName().IsMatch(text.Text[1..^1]))
        {
            reading.Report(RuleDiagnostics.ColonsAroundReaction.At(text) with { Hint = $"write {key}: {text.Text[1..^1]}" });
            return null;
        }

        if (EmojiName().IsMatch(text.Text) || UnicodeEmoji().IsMatch(text.Text))
        {
            return new Argument.Constant(Value.Of(text.Text, ValueMarks.Markup));
        }

        reading.Report(RuleDiagnostics.InvalidReaction.At(text, Excerpt.Of(text.Text)) with { Hint = "write a bare name such as star, or one emoji such as 👍" });
        return null;
    }

    private Argument? ReadFiles(string key, SourceNode node, ExpressionContext context)
    {
        if (node is SourceNode.Sequence sequence)
        {
            List<Argument> entries = [.. sequence.Entries.Select(entry => ReadFiles(key, entry, context)).OfType<Argument>()];
            return entries.Count == sequence.Entries.Count ? new Argument.Sequence(entries) : null;
        }

        if (reading.ReadText(key, node, "an expression that gives a list of files") is not { } text || Compile(key, text, context) is not { } compiled)
        {
            return null;
        }

        if (MayBe(compiled.Shape is Shape.ListShape list ? list.Element : compiled.Shape, Schema.File))
        {
            return new Argument.Expression(compiled);
        }

        ReportWrongType(key, "a list of files", text, compiled.Shape, Schema.File);
        return null;
    }

    private Argument.Constant? ReadEndpoint(string key, SourceNode node, IReadOnlyCollection<string> known)
    {
        if (reading.ReadText(key, node, "the name of an endpoint") is not { } text)
        {
            return null;
        }

        if (text.Text.Contains("${", StringComparison.Ordinal))
        {
            reading.Report(RuleDiagnostics.NoHoles.At(text, key) with { Hint = "write the endpoint out, such as notes/create" });
            return null;
        }

        if (Endpoint().IsMatch(text.Text))
        {
            if (known.Count > 0 && !known.Contains(text.Text, StringComparer.Ordinal))
            {
                reading.Report(RuleDiagnostics.UnknownEndpoint.At(text, Excerpt.Of(text.Text)) with { Hint = Reading.DidYouMean(text.Text, known) });
            }

            return new(Value.Of(text.Text, ValueMarks.Markup));
        }

        var bare = text.Text.Trim('/');
        bare = bare.StartsWith("api/", StringComparison.Ordinal) ? bare["api/".Length..] : bare;
        reading.Report(RuleDiagnostics.InvalidEndpoint.At(text, Excerpt.Of(text.Text)) with
        {
            Hint = Endpoint().IsMatch(bare) ? Phrase.Of($"write {bare}") : Phrase.Of("write it as Misskey's API documentation does: notes/create"),
        });
        return null;
    }

    [GeneratedRegex(@"^\w+", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^@[A-Za-z0-9_.-]+(@[\p{L}\p{N}.:-]+)?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9_+-]+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex EmojiName();

    [GeneratedRegex(@"^([\p{So}\p{Sk}\p{Sm}\p{Cs}\p{Cf}\p{Mn}\p{Me}#*0-9‼⁉〰〽㊗㊙\u200D\uFE0F\u20E3]|©|®)+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex UnicodeEmoji();

    [GeneratedRegex("^[a-z0-9-]+(/[a-z0-9-]+)*$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Endpoint();
}
