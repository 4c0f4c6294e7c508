using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Misskey;

/// <summary>Asks every ten minutes whether a paused account is taken again: the one call that is made for it.</summary>
internal sealed class PausedAccounts(MisskeySender misskey, Holds holds, LiveFeed feed, TimeProvider time) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMinutes(10), time);

    /// <summary>Asks once about each, all at once: a slow server keeps nobody else's account paused.</summary>
    public Task AskAsync(CancellationToken cancellationToken) => Task.WhenAll(holds.Paused.Keys.Select(account => AskAsync(account, cancellationToken)));

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            await AskAsync(stoppingToken);
        }
    }

    private async Task AskAsync(string account, CancellationToken cancellationToken)
    {
        if (await misskey.AskAboutAsync(account, cancellationToken) is ActionOutcome.Done && holds.Resume(account))
        {
            feed.TellResumed(account);
        }
    }
}
