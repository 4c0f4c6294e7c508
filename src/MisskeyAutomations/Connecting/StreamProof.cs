using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;

namespace MisskeyAutomations.Connecting;

/// <summary>Proves that an account hears its stream: Misskey confirms it, and where own notes are streamed, a note of its own comes back.</summary>
internal sealed class StreamProof(StreamStates streams, Proof proof, RuleVersions rules, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null when it does; otherwise why not, with what to do.</summary>
    public async Task<Phrase?> AskAsync(ConnectedAccount connected, Teller tell, CancellationToken cancellationToken)
    {
        var account = connected.At(time.GetUtcNow());
        var ownNotes = NeededChannels.Of(rules.Current, account).OwnNotes;
        if (await streams.HearsAsync(account, ownNotes, Patience, cancellationToken) is { } reason)
        {
            return Phrase.Of($"It does not hear its stream yet: {Reasons.Told(reason)} The engine connects again by itself; `doctor` says when it does.");
        }

        await tell(new Progress($"✓ {account.Server.Authority} streams its events; no webhook and no public address are needed."));
        if (!ownNotes || !connected.Permissions.Contains("write:notes", StringComparer.Ordinal))
        {
            return null;
        }

        var begin = time.GetTimestamp();
        var trouble = await proof.AskByStreamAsync(account, cancellationToken);
        if (trouble is null)
        {
            await tell(new Progress($"✓ A note to itself came back by the stream after {time.GetElapsedTime(begin).TotalMilliseconds:0} ms, and is deleted."));
        }

        return trouble;
    }
}
