using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Finds out that a server is back though no run would try it for minutes. How often it is really asked, its breaker says: one ping each
/// 30 s. No server is waited for before another is asked.
/// </summary>
internal sealed class DoubtfulServers(MisskeySender misskey, AccountDirectory accounts, ServerProbe probe, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        accounts.All.DistinctBy(account => account.Server.Authority, StringComparer.OrdinalIgnoreCase).Select(account => WatchAsync(account, stoppingToken)));

    private async Task WatchAsync(Account account, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (probe.IsDoubtful(account.Server))
            {
                await misskey.PingAsync(account, stoppingToken);
            }
        }
    }
}
