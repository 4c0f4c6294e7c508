using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>How steps send what they froze.</summary>
internal static class Sending
{
    extension(MisskeySender misskey)
    {
        /// <summary>Sends a frozen request; <c>as:</c> keeps the answer.</summary>
        public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
            misskey.SendAsync(account, intent.Endpoint, intent.Body, cancellationToken);

        /// <summary>Sends a frozen note; <c>as:</c> keeps the note itself, which the answer wraps.</summary>
        public async Task<ActionOutcome> PostNoteAsync(Intent intent, string account, CancellationToken cancellationToken) =>
            await misskey.SendAsync(intent, account, cancellationToken) is var outcome && outcome is ActionOutcome.Done { Answer: { } answer } done
                ? done with { Answer = answer.FindObject("createdNote") }
                : outcome;
    }
}
