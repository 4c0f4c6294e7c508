using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>The notes below findings about names: what there is instead.</summary>
internal static class ContextNotes
{
    private const int Shown = 8;

    /// <summary>Such as <c>event 'followed' gives user, me, event, now, body; 'note' comes with note, reply, renote, mention</c>.</summary>
    public static Phrase Variables(ExpressionContext context, string name)
    {
        var there = Gives(context, string.Join(", ", context.Variables.Keys));
        var elsewhere = EventTypes.All.Where(type => type.Variables.ContainsKey(name)).Select(type => type.Name);
        return string.Join(", ", elsewhere) is { Length: > 0 } types ? Phrase.Of($"{there}; '{name}' comes with {types}") : there;
    }

    /// <summary>Such as <c>event 'followed' gives user: id, name …; with users/show: createdAt, description …</c>; null for values without properties.</summary>
    public static Phrase? Properties(ExpressionContext context, Node target, Shape shape)
    {
        if (shape is not Shape.ObjectShape known)
        {
            return null;
        }

        var owner = target is Node.Variable variable ? Gives(context, variable.Name) : Phrase.Of($"{ShapeWords.Of(known)} has");
        var groups = known.Properties.Values.GroupBy(property => property.Compute is null ? property.Enrichment : null)
            .Select(group => With(group.Key, Some(group.Select(property => property.Name))))
            .Aggregate((before, next) => Phrase.Of($"{before}; {next}"));
        return $"{owner}: {groups}";
    }

    /// <summary>The names of the lists.</summary>
    public static Phrase Lists(ExpressionContext context) =>
        context.Lists.Count == 0 ? Phrase.Of("the rule files define no lists") : Phrase.Of($"the lists are {Some(context.Lists.Order(StringComparer.Ordinal))}");

    private static Phrase Gives(ExpressionContext context, string names) => context.EventTypes switch
    {
        [] => Phrase.Of($"there is {names}"),
        [var one] => Phrase.Of($"event '{one}' gives {names}"),
        _ => Phrase.Of($"events {string.Join(", ", context.EventTypes.Select(type => $"'{type}'"))} give {names}"),
    };

    private static Phrase With(LookupKind? kind, string names) => kind switch
    {
        LookupKind.UserShow => Phrase.Of($"with users/show: {names}"),
        LookupKind.UserRelation => Phrase.Of($"with users/relation: {names}"),
        LookupKind.NoteShow => Phrase.Of($"with notes/show: {names}"),
        _ => Phrase.Of($"{names}"),
    };

    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= Shown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Shown))} …";
    }
}
