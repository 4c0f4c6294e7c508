using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Finds the note that a step is about.</summary>
internal static class NoteArgument
{
    /// <summary>The note under an option; the event's own note when the option was not given.</summary>
    /// <param name="input">The step's input.</param>
    /// <param name="option">The option's name; empty for the step's own key.</param>
    /// <param name="note">The note.</param>
    /// <param name="instead">What becomes of the step when there is none (yet).</param>
    public static bool TryFind(ActionInput input, string option, out JsonElement note, [NotNullWhen(false)] out Preparation? instead)
    {
        if (input.Arguments.TryGetValue(option, out var value))
        {
            return TryResolve(input, value, out note, out instead) && StillThere.Is(input, note, out instead);
        }

        note = input.Event.Note ?? default;
        instead = input.Event.Note is null ? new Preparation.Invalid("The event brought no note; say which with 'to'.") : null;
        return instead is null && StillThere.Is(input, note, out instead);
    }

    /// <summary>What a bare renote renotes: only that can be answered, renoted or reacted to. Any other note is itself.</summary>
    public static bool TryUnwrap(ActionInput input, JsonElement note, out JsonElement inner, [NotNullWhen(false)] out Preparation? instead)
    {
        (inner, instead) = (note, null);
        return !note.IsPureRenote()
            || (note.FindObject("renote") is { } renoted && renoted.GetText("visibility") is not null
                ? Take(renoted, out inner)
                : TryShow(input, note.GetText("renoteId")!, out inner, out instead));
    }

    private static bool TryResolve(ActionInput input, Value value, out JsonElement note, [NotNullWhen(false)] out Preparation? instead)
    {
        (note, instead) = (default, null);
        switch (value.Kind)
        {
            case ValueKind.Null:
                instead = new Preparation.Skip("There is no note to act on.");
                return false;
            case ValueKind.Map when AsJson(value.Map!) is var json && json.GetText("id") is { } id:
                return json.GetText("visibility") is not null ? Take(json, out note) : TryShow(input, id, out note, out instead);
            case ValueKind.Text when Ids.IsValid(value.Text):
                return TryShow(input, value.Text, out note, out instead);
            default:
                instead = new Preparation.Invalid($"This is not a note: {Words(value)}.");
                return false;
        }
    }

    private static bool TryShow(ActionInput input, string id, out JsonElement note, [NotNullWhen(false)] out Preparation? instead)
    {
        (note, instead) = (default, null);
        if (input.Event.Note is { } own && own.GetText("id") == id)
        {
            return Take(own, out note);
        }

        var lookup = new Lookup(LookupKind.NoteShow, id);
        if (!input.Scope.Answers.TryGetValue(lookup, out var answer))
        {
            instead = new Preparation.Needs(lookup);
            return false;
        }

        if (answer.Map is not { } map)
        {
            instead = new Preparation.Skip("The note does not exist any more, or the account cannot see it.");
            return false;
        }

        return Take(AsJson(map), out note);
    }

    private static bool Take(JsonElement found, out JsonElement note)
    {
        note = found;
        return true;
    }

    private static JsonElement AsJson(ValueMap map) => map.Json ?? JsonElement.Parse(Value.Of(map).ToJson());

    private static string Words(Value value) => MisskeyAutomations.Misskey.Words.OneLine(value.ToText(), 40);
}
