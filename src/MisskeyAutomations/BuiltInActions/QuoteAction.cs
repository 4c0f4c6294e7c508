using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>quote: TEXT</c>.</summary>
internal sealed class QuoteAction(MisskeySender misskey) : IAction
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

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input) => AnswerDraft.Prepare(input, Row.Name);

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.PostNoteAsync(intent, account, cancellationToken);

    public bool CanLookFor(Intent intent) => NoteSearch.IsPossible(intent);

    public Task<Sighting> LookAsync(Search search, CancellationToken cancellationToken) => misskey.LookForNoteAsync(search, cancellationToken);
}
