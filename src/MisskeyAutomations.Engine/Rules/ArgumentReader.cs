using System.Globalization;
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
            // What nobody is sent (a log) may be anything.
            ParameterType.Text => ReadTemplate(key, node, context with { IsForPeople = action.Assurances is not [] }),
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
            ParameterType.Endpoint => ReadEndpoint(key, node),
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
            WarnOfOptionInText(key, scalar);
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

    // Below '|' an option that is indented too deep becomes the last line of the text.
    private void WarnOfOptionInText(string key, SourceNode.Scalar text)
    {
        if (OptionLine().Match(text.Text) is { Success: true } line)
        {
            var option = line.Groups["option"];
            reading.Report(RuleDiagnostics.OptionInText.At(text.Value, new TextSpan(option.Index, option.Index + option.Length), Excerpt.Of(option.Value)) with
            {
                Hint = $"align it with '{key}' if it is an option",
            });
        }
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

        reading.Report(RuleDiagnostics.InvalidWord.At(text, key, expected, Excerpt.Of(text.Text)) with { Hint = Reading.DidYouMean(text.Text, words, Synonyms.Visibilities) });
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

        if (Reading.Narrow(text.Text) is { } narrow && (EmojiName().IsMatch(narrow.Trim(':'))))
        {
            reading.Report(RuleDiagnostics.InvalidReaction.At(text, Excerpt.Of(text.Text)) with { Hint = Reading.InOrdinaryWidth(narrow.Trim(':')) });
            return null;
        }

        var bare = text.Text is [':', .., ':'] ? text.Text[1..^1] : text.Text;
        bare = bare.Contains('@', StringComparison.Ordinal) ? bare[..bare.IndexOf('@', StringComparison.Ordinal)] : bare;
        if (bare.Length < text.Text.Length && EmojiName().IsMatch(bare))
        {
            var descriptor = text.Text[0] == ':' ? RuleDiagnostics.ColonsAroundReaction.At(text) : RuleDiagnostics.InvalidReaction.At(text, Excerpt.Of(text.Text));
            reading.Report(descriptor with { Hint = $"write {key}: {bare}" });
            return null;
        }

        var isOne = StringInfo.ParseCombiningCharacters(text.Text).Length == 1;
        if (EmojiName().IsMatch(text.Text) || (isOne && UnicodeEmoji().IsMatch(text.Text)))
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

    private Argument.Constant? ReadEndpoint(string key, SourceNode node)
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

    [GeneratedRegex(
        @"\n[ ]*(?<option>visibility: (public|home|followers|specified)|(local-only|allow-private|continue-on-error): (true|false)|delivery: [a-z]+-[a-z]+-once|as: [a-z_]+)\s*$",
        RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"^[A-Za-z0-9_+-]+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex EmojiName();

    [GeneratedRegex(@"^([\p{So}\p{Sk}\p{Sm}\p{Cs}\p{Cf}\p{Mn}\p{Me}#*0-9‼⁉〰〽㊗㊙\u200D\uFE0F\u20E3]|©|®)+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex UnicodeEmoji();

    [GeneratedRegex("^[a-z0-9-]+(/[a-z0-9-]+)*$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Endpoint();
}
