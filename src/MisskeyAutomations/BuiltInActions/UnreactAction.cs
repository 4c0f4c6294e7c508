using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>unreact: note</c>.</summary>
internal sealed class UnreactAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "unreact",
        Doc = "Takes the account's reaction to a note back.",
        Main = ParameterType.Note,
        Endpoint = "notes/reactions/delete",
        Permission = "write:reactions",
        Repeat = Repeat.Natural,
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        if (!NoteArgument.TryFind(input, "", out var asked, out var instead)
            || !NoteArgument.TryUnwrap(input, asked, out var note, out instead))
        {
            return instead;
        }

        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json => json.WriteString("noteId", note.GetText("id"))),
            Repeat = Row.Repeat,
            Budget = "reactions",
            Summary = Summary.Of($"unreact note {note.GetText("id")}", text: null),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}
