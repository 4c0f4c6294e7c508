using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>Accounts of which nothing came for long, by webhook or stream. One of which nothing ever came is just being set up.</summary>
internal sealed class SilenceWatch(AlertOptions options, StoreFigures figures, AccountDirectory accounts, TimeProvider time) : TroubleWatch
{
    // An engine that was down for a day must be given the time to hear something.
    private static readonly TimeSpan Beginning = TimeSpan.FromMinutes(30);

    private readonly long _start = time.GetTimestamp();

    public override string Kind => "silence";

    public override Task<Sight> LookAsync(CancellationToken cancellationToken)
    {
        if (options.Silence is not { } silence)
        {
            return Task.FromResult(Sight.Clear);
        }

        var isNew = time.GetElapsedTime(_start) < Beginning;
        List<(Account Account, DateTimeOffset? Last)> heard = isNew ? [] : [.. accounts.All.Select(account => (account, figures.FindLastEvent(account.Name)))];
        var silent = heard.Where(one => time.GetUtcNow() - one.Last > silence).Select(one => one.Account);

        // It never heard anything, or nothing for longer than records are kept: who was told of that is not told that it is over.
        var unknown = heard.Where(one => one.Last is null).Select(one => one.Account.Name).ToHashSet(StringComparer.Ordinal);
        return Task.FromResult(new Sight([.. silent.Select(account => new Trouble(account.Name, account.Source is AccountSource.Streaming
            ? Phrase.Of($"Nothing has been streamed to account {account.Name} for more than {silence.TotalHours:0} hours. `doctor --account {account.Name}` says whether it hears its stream.")
            : Phrase.Of($"No webhook has come for account {account.Name} for more than {silence.TotalHours:0} hours. Look in Misskey under Settings > Webhook whether it is active and its URL and secret are right, and whether the proxy passes /hooks/{account.Name} on.")))])
        {
            IsUnknown = account => isNew || unknown.Contains(account),
        });
    }
}
