using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>quote: TEXT</c>.</summary>
internal sealed class QuoteAction(MisskeySender misskey) : NoteMakingAction(misskey)
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "quote",
        Doc = "Renotes the event's note with words of its own, as visible as it is.",
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
