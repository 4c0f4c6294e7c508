using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>The notes below findings about names: what there is instead.</summary>
internal static class ContextNotes
{
    private const int Shown = 8;

    /// <summary>Such as <c>event 'followed' gives user, me, event, now, body; 'note' comes with note, reply, renote, mention</c>.</summary>
    public static string Variables(ExpressionContext context, string name)
    {
        var there = $"{Gives(context)} {string.Join(", ", context.Variables.Keys)}";
        var elsewhere = EventTypes.All.Where(type => type.Variables.ContainsKey(name)).Select(type => type.Name);
        return string.Join(", ", elsewhere) is { Length: > 0 } types ? $"{there}; '{name}' comes with {types}" : there;
    }

    /// <summary>Such as <c>event 'followed' gives user: id, name …; with users/show: createdAt, description …</c>; null for values without properties.</summary>
    public static string? Properties(ExpressionContext context, Node target, Shape shape)
    {
        if (shape is not Shape.ObjectShape known)
        {
            return null;
        }

        var subject = target is Node.Variable variable ? $"{Gives(context)} {variable.Name}" : $"a {known.Name} has";
        var groups = known.Properties.Values.GroupBy(property => property.Compute is null ? property.Enrichment : null)
            .Select(group => $"{With(group.Key)}{Some(group.Select(property => property.Name))}");
        return $"{subject}: {string.Join("; ", groups)}";
    }

    /// <summary>The names of the lists.</summary>
    public static string Lists(ExpressionContext context) =>
        context.Lists.Count == 0 ? "the rule files define no lists" : $"the lists are {Some(context.Lists.Order(StringComparer.Ordinal))}";

    private static string Gives(ExpressionContext context) => context.EventTypes switch
    {
        [] => "there is",
        [var one] => $"event '{one}' gives",
        _ => $"events {string.Join(", ", context.EventTypes.Select(type => $"'{type}'"))} give",
    };

    private static string With(LookupKind? kind) => kind switch
    {
        LookupKind.UserShow => "with users/show: ",
        LookupKind.UserRelation => "with users/relation: ",
        LookupKind.NoteShow => "with notes/show: ",
        _ => "",
    };

    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= Shown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Shown))} …";
    }
}
