using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>One of the steps about one note: <c>favorite: note</c>, <c>delete: note</c> …</summary>
internal sealed class NoteCallAction(MisskeySender misskey, ActionDescriptor row) : IAction
{
    private readonly bool _isForOwn = NoteSteps.IsForOwn(row);

    public ActionDescriptor Descriptor => row;

    public Preparation Prepare(ActionInput input)
    {
        if (!NoteArgument.TryFind(input, "", out var note, out var instead)
            || (!_isForOwn && !NoteArgument.TryUnwrap(input, note, out note, out instead)))
        {
            return instead;
        }

        if (_isForOwn && (input.Event.MeId is null || NoteReading.AuthorId(note) != input.Event.MeId))
        {
            return new Preparation.Skip($"The note is not the account's own, so '{row.Name}' leaves it alone.");
        }

        var id = note.GetText("id");
        return new Preparation.Ready(new Intent
        {
            Action = row.Name,
            Endpoint = row.Endpoint!,
            Body = RequestBody.Write(json => json.WriteString("noteId", id)),
            Repeat = row.Repeat,
            Budget = row.Budget,
            Summary = Summary.Of($"{row.Name} note {id}", _isForOwn ? note.GetText("text") : null),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}
