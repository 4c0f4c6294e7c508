using System.Diagnostics.CodeAnalysis;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Finds the list or clip that a step names by id or name. Which the account has is asked once per event and name.</summary>
internal static class OwnThingArgument
{
    /// <summary>The one that is meant.</summary>
    /// <param name="input">The step's input.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="kind"><see cref="LookupKind.OwnLists"/> or <see cref="LookupKind.OwnClips"/>.</param>
    /// <param name="thing">The list or clip.</param>
    /// <param name="instead">What becomes of the step when there is none (yet). A wrong name is the rule's fault: the step fails.</param>
    public static bool TryFind(
        ActionInput input, string option, LookupKind kind, [NotNullWhen(true)] out ValueMap? thing, [NotNullWhen(false)] out Preparation? instead)
    {
        (thing, instead) = (null, null);
        var word = kind == LookupKind.OwnLists ? "list" : "clip";
        var wish = input[option].ToText().Trim();
        if (wish.Length == 0)
        {
            instead = new Preparation.Invalid($"The name of the {word} came out empty.");
            return false;
        }

        var lookup = new Lookup(kind, wish);
        if (!input.Scope.Answers.TryGetValue(lookup, out var answer))
        {
            instead = new Preparation.Needs(lookup);
            return false;
        }

        var found = answer.Kind == ValueKind.List ? answer.List : [];
        thing = found.Count == 1 ? found[0].Map : null;
        if (thing is null)
        {
            var name = Misskey.Words.OneLine(wish, 40);
            instead = new Preparation.Invalid(found.Count > 1
                ? $"The account has {found.Count} {word}s of the name {name}; say which by its id."
                : $"The account has no {word} with the name or id {name}.");
        }

        return thing is not null;
    }
}
