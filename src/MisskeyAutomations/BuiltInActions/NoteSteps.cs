using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// The steps that are about one note and send nothing but which: each is a row here, <see cref="NoteCallAction"/> does them all.
/// </summary>
internal static class NoteSteps
{
    public static readonly ActionDescriptor Unreact =
        Step("unreact", "Takes the account's reaction to a note back.", "notes/reactions/delete", "write:reactions", "reactions");

    public static readonly ActionDescriptor Favorite =
        Step("favorite", "Adds a note to the account's favorites, which nobody else sees.", "notes/favorites/create", "write:favorites", "favorites");

    public static readonly ActionDescriptor Pin =
        Step("pin", "Pins one of the account's own notes to its profile; Misskey takes five.", "i/pin", "write:account", budget: null);

    public static readonly ActionDescriptor Unpin = Step("unpin", "Takes one of the account's own notes off its profile.", "i/unpin", "write:account", budget: null);

    public static readonly ActionDescriptor Delete =
        Step("delete", "Deletes one of the account's own notes; everybody else's are left alone.", "notes/delete", "write:notes", "deletes");

    public static readonly IReadOnlyList<ActionDescriptor> All = [Unreact, Favorite, Pin, Unpin, Delete];

    /// <summary>Whether a step takes only notes of the account itself, and a bare renote as the note that it is.</summary>
    public static bool IsForOwn(ActionDescriptor row) => row == Pin || row == Unpin || row == Delete;

    private static ActionDescriptor Step(string name, string doc, string endpoint, string permission, string? budget) => new()
    {
        Name = name,
        Doc = doc,
        Main = ParameterType.Note,
        Endpoint = endpoint,
        Permission = permission,
        Budget = budget,
        Lookups = [LookupKind.NoteShow],
        Repeat = Repeat.Natural,
    };
}
