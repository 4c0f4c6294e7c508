using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Sources;

/// <summary>Lets each account that is set up so listen to its stream, for as long as it is there.</summary>
internal sealed partial class Streams(AccountStream stream, AccountDirectory accounts, ILogger<Streams> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => accounts.ForEachAsync(FollowAsync, stoppingToken);

    private Task FollowAsync(Account account, CancellationToken stoppingToken)
    {
        if (!account.IsStreamed)
        {
            return Task.CompletedTask;
        }

        if (account.CatchUp is null)
        {
            LogNothingMakesUp(account.Name);
        }

        return stream.ListenAsync(account, stoppingToken);
    }

    [LoggerMessage(2231, LogLevel.Warning, "What account {Account} is told while its stream is down is lost: `catch-up: off` stands in the configuration")]
    private partial void LogNothingMakesUp(string account);
}
