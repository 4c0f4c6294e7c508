using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>reply: TEXT</c>.</summary>
internal sealed class ReplyAction(MisskeySender misskey) : NoteMakingAction(misskey)
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "reply",
        Doc = "Answers the event's note, as visible as it is. A bare renote cannot be answered: that goes under the renoted note, with a mention.",
        Main = ParameterType.Text,
        Options = AnswerDraft.Options,
        Endpoint = NoteDraft.Endpoint,
        Permission = "write:notes",
        Budget = "notes",
        Lookups = [LookupKind.NoteShow],
        NeedsNote = true,
        Answers = true,
        Repeat = Repeat.Never,
        Gives = "note",
    };

    public override ActionDescriptor Descriptor => Row;

    public override Preparation Prepare(ActionInput input) => AnswerDraft.Prepare(input, Row.Name);
}
