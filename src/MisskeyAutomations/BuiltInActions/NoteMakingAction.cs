using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>An action that makes a note: sent as one, and looked for as one while nobody knows whether it was made.</summary>
internal abstract class NoteMakingAction(MisskeySender misskey) : IAction
{
    public abstract ActionDescriptor Descriptor { get; }

    public abstract Preparation Prepare(ActionInput input);

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.PostNoteAsync(intent, account, cancellationToken);

    public bool CanLookFor(Intent intent) => NoteSearch.IsPossible(intent);

    public Task<Sighting> LookAsync(Search search, CancellationToken cancellationToken) => misskey.LookForNoteAsync(search, cancellationToken);
}
