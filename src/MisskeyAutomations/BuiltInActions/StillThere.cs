using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// After a wait the event's note may be deleted, and its people may be gone: whatever acts on them asks first. Whoever is gone ends the run.
/// </summary>
internal static class StillThere
{
    /// <summary>Whether the note is there as far as is known, and the event's user with it where they wrote it. Other notes are taken as they are.</summary>
    public static bool Is(ActionInput input, JsonElement note, [NotNullWhen(false)] out Preparation? instead)
    {
        instead = null;
        return note.GetText("id") != input.Event.Note?.GetText("id")
            || (IsVariable(input, "note", out instead) && IsUser(input, NoteReading.AuthorId(note), out instead));
    }

    /// <summary>Whether the person is there as far as is known; only the event's user is doubted.</summary>
    public static bool Is(ActionInput input, Person person, [NotNullWhen(false)] out Preparation? instead) => IsUser(input, person.Id, out instead);

    private static bool IsUser(ActionInput input, string? userId, [NotNullWhen(false)] out Preparation? instead)
    {
        instead = null;
        return userId is null || userId != input.Event.User?.GetText("id") || IsVariable(input, "user", out instead);
    }

    private static bool IsVariable(ActionInput input, string name, [NotNullWhen(false)] out Preparation? instead)
    {
        instead = input.Scope.Doubt(name) is { } lookup ? new Preparation.Needs(lookup) : null;
        return instead is null;
    }
}
