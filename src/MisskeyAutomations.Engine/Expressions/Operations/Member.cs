using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions.Operations;

/// <summary>
/// <c>target.name</c>. A path through null is null. What the payload holds counts, even null; what it lacks is computed, or looked
/// up by the object's <c>id</c> if the schema says that a look-up brings it.
/// </summary>
/// <param name="span">Where it stands.</param>
/// <param name="target">The object.</param>
/// <param name="name">The property.</param>
/// <param name="property">Its row of the schema; null for objects of which nothing is known.</param>
internal sealed class Member(TextSpan span, Operation target, string name, Property? property) : Operation(span, property?.Shape ?? Shape.Any)
{
    public string Name => name;

    public override IReadOnlyList<Operation> Operands { get; } = [target];

    public override bool IsRead => target.IsRead;

    public override Value Evaluate(Scope scope)
    {
        var value = target.Evaluate(scope);
        return value.Map is { } map ? Read(map, scope).With(Marks.Private(value)) : value.IsKnown ? Value.Null.With(Marks.Private(value)) : value;
    }

    private Value Read(ValueMap map, Scope scope)
    {
        if (property?.Compute is not null)
        {
            var computed = map.Computed(property, scope.Server);
            return computed.IsNull && property.Enrichment is { } kind ? LookUp(kind, map, scope) : computed;
        }

        return map.Entries.TryGetValue(name, out var recorded) ? recorded
            : property?.Enrichment is { } enrichment ? LookUp(enrichment, map, scope) : Value.Null;
    }

    // users/show tells relations too when it is asked by a signed-in account: what was asked already is not asked again.
    private Value LookUp(LookupKind kind, ValueMap map, Scope scope)
    {
        if (!map.Entries.TryGetValue("id", out var id) || id.Kind != ValueKind.Text)
        {
            return Value.Null;
        }

        if (kind == LookupKind.UserRelation && scope.Answers.TryGetValue(new(LookupKind.UserShow, id.Text), out var shown)
            && shown.Map is { } user && user.Entries.TryGetValue(name, out var relation))
        {
            return relation;
        }

        var lookup = new Lookup(kind, id.Text);
        if (!scope.Answers.TryGetValue(lookup, out var answer))
        {
            return Value.Needs(lookup);
        }

        if (answer.Map is not { } answered)
        {
            return answer.IsKnown ? Value.Null : answer;
        }

        var found = property!.Compute is not null ? answered.Computed(property, scope.Server)
            : answered.Entries.TryGetValue(name, out var entry) ? entry : Value.Null;
        return found.With(Marks.Private(answer));
    }
}
