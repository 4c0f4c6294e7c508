using System.Collections.Concurrent;
using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Sources;

/// <summary>Which accounts listen to their streams. One can begin or end by itself; at the start those begin that are set up so.</summary>
internal sealed partial class Streams(AccountStream stream, AccountDirectory accounts, TimeProvider time, ILogger<Streams> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Listening> _listening = new(StringComparer.Ordinal);

    /// <summary>Lets an account listen, unless it does already.</summary>
    public void Begin(Account account)
    {
        var begun = new Listening();
        if (_listening.TryAdd(account.Name, begun))
        {
            begun.Task = Task.Run(() => stream.ListenAsync(account, begun.Ending.Token));
        }
    }

    /// <summary>Lets an account listen no more; completes when what it heard is stored.</summary>
    public async Task EndAsync(string account)
    {
        if (_listening.TryRemove(account, out var listening))
        {
            await listening.Ending.CancelAsync();
            await listening.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listening.Ending.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var account in accounts.All.Where(account => account.IsStreamed))
        {
            if (account.CatchUp is null)
            {
                LogNothingMakesUp(account.Name);
            }

            Begin(account);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_listening.Keys.Select(EndAsync));
    }

    [LoggerMessage(2231, LogLevel.Warning, "What account {Account} is told while its stream is down is lost: `catch-up: off` stands in the configuration")]
    private partial void LogNothingMakesUp(string account);

    private sealed class Listening
    {
        public CancellationTokenSource Ending { get; } = new();

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
