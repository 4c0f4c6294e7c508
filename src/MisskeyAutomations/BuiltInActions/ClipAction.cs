using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>clip: note</c>.</summary>
internal sealed class ClipAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "clip",
        Doc = "Adds a note to one of the account's clips. A note that is not public goes into a public clip only with allow-private.",
        Main = ParameterType.Note,
        Options = [new("to", ParameterType.Text, "The clip, by its name or its id.") { IsRequired = true }],
        Endpoint = "clips/add-note",
        Permission = "write:account",
        Budget = "clips",
        Lookups = [LookupKind.NoteShow, LookupKind.OwnClips],
        Repeat = Repeat.Natural,
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        if (!NoteArgument.TryFind(input, "", out var asked, out var instead)
            || !NoteArgument.TryUnwrap(input, asked, out var note, out instead)
            || !OwnThingArgument.TryFind(input, "to", LookupKind.OwnClips, out var clip, out instead))
        {
            return instead;
        }

        // A clip that does not say is taken for a public one.
        var isOpen = !clip.Entries.TryGetValue("isPublic", out var isPublic) || isPublic.Kind != Engine.Expressions.ValueKind.Boolean || isPublic.IsTrue;
        if (isOpen && Audience.Of(note) != "public" && !input.AllowPrivate)
        {
            return new Preparation.Skip("The clip is public and the note is not. Add allow-private: true to the step if that is meant.");
        }

        var id = note.GetText("id");
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("clipId", clip.Entries["id"].Text);
                json.WriteString("noteId", id);
            }),
            Repeat = Row.Repeat,
            Budget = Row.Budget,
            Summary = Summary.Of($"clip note {id}", clip.Entries["name"].Text),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}
