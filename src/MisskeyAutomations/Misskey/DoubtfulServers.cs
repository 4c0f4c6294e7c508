using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Finds out that a server is back though no run would try it for minutes. How often it is really asked, its breaker says: one ping each
/// 30 s.
/// </summary>
internal sealed class DoubtfulServers(MisskeySender misskey, AccountDirectory accounts, ServerProbe probe, TimeProvider time) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(5), time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var account in accounts.All.DistinctBy(account => account.Server.Authority, StringComparer.OrdinalIgnoreCase).Where(account => probe.IsDoubtful(account.Server)))
            {
                await misskey.PingAsync(account, stoppingToken);
            }
        }
    }
}
