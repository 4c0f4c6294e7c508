using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// The users and notes that a step is about.
internal sealed partial class ArgumentReader
{
    private Argument.Expression? ReadEntity(string key, SourceNode node, ExpressionContext context, Shape.ObjectShape entity)
    {
        var expected = ShapeWords.Of(entity);
        if (node is SourceNode.Scalar { Text: ['@', ..] } address && entity.Equals(Schema.User))
        {
            reading.Report(RuleDiagnostics.WrongType.At(address, key, expected, Excerpt.Of(address.Text), Phrase.Of("a text")) with { Hint = $"write {key}: user; only 'to' of 'dm' takes an address" });
            return null;
        }

        return reading.ReadText(key, node, $"an expression that gives {expected}") is { } text ? ReadWhole(key, expected, text, context, entity, takesList: false) : null;
    }

    private Argument.Expression? ReadWhole(string key, Phrase expected, SourceNode.Scalar text, ExpressionContext context, Shape.ObjectShape entity, bool takesList)
    {
        if (Compile(key, text, context) is not { } compiled || IsMereText(key, text, compiled.Shape, context, entity))
        {
            return null;
        }

        if (MayBe(takesList && compiled.Shape is Shape.ListShape list ? list.Element : compiled.Shape, entity))
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

    // A text may be an id, but a user's name or a note's text is none: Misskey would be asked for somebody who does not exist.
    private bool IsMereText(string key, SourceNode.Scalar text, Shape shape, ExpressionContext context, Shape.ObjectShape entity)
    {
        if (shape is not Shape.TextShape || Property().Match(text.Text) is not { Success: true } path || path.Groups["name"].Value is "id" || path.Groups["name"].Value.EndsWith("Id", StringComparison.Ordinal))
        {
            return false;
        }

        var owner = path.Groups["owner"];
        if (ExpressionCompiler.Compile(text.Value.Part(owner.Index, owner.Length), context, new())?.Shape is not Shape.ObjectShape { Open: false } given)
        {
            return false;
        }

        var whose = given.Properties.Values.FirstOrDefault(property => property.Shape.Equals(entity));
        reading.Report(RuleDiagnostics.WrongType.At(text, key, ShapeWords.Of(entity), Excerpt.Of(text.Text), ShapeWords.Of(shape)) with
        {
            Hint = MayBe(given, entity) ? Phrase.Of($"write {key}: {owner.Value}") : whose is null ? null : Phrase.Of($"write {key}: {owner.Value}.{whose.Name}"),
        });
        return true;
    }

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

        return ReadWhole(key, "a user or a list of users", text, context, Schema.User, takesList: true);
    }

    [GeneratedRegex(@"^\w+", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^@[A-Za-z0-9_.-]+(@[\p{L}\p{N}.:-]+)?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Address();

    [GeneratedRegex(@"^(\$\{)?\s*(?<owner>[A-Za-z_]\w*(\.\w+)*)\.(?<name>\w+)\s*\}?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Property();
}
