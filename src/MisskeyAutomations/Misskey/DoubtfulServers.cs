using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Finds out that a server is back though no run would try it for minutes. How often it is really asked, its breaker says: one ping each
/// 30 s. No server is waited for before another is asked.
/// </summary>
internal sealed class DoubtfulServers(MisskeySender misskey, AccountDirectory accounts, ServerProbe probe, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var asked = new Dictionary<string, Task>(StringComparer.OrdinalIgnoreCase);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var account in accounts.All.DistinctBy(account => account.Server.Authority, StringComparer.OrdinalIgnoreCase))
                {
                    if (probe.IsDoubtful(account.Server) && asked.GetValueOrDefault(account.Server.Authority) is not { IsCompleted: false })
                    {
                        asked[account.Server.Authority] = misskey.PingAsync(account, stoppingToken);
                    }
                }
            }
        }
        finally
        {
            // Who is stopped has nothing on its way any more.
            await Task.WhenAll(asked.Values);
        }
    }
}
