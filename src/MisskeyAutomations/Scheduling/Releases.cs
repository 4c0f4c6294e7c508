using System.Threading.Channels;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Scheduling;

/// <summary>Lets runs go on as soon as what kept them is over: the pause of an account, the trouble of a server. Else each would wait for its own next try.</summary>
internal sealed partial class Releases(LiveFeed feed, IRunStore store, RunPump pump, ILogger<Releases> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Stragglers = TimeSpan.FromSeconds(5);

    private readonly Channel<WaitReason> _over = Channel.CreateUnbounded<WaitReason>();
    private readonly Channel<string> _foundAgain = Channel.CreateUnbounded<string>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Resumed += ReleaseHeld;
        feed.FoundAgain += ReleaseRepeated;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Resumed -= ReleaseHeld;
        feed.FoundAgain -= ReleaseRepeated;
        return base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ReleaseAsync(stoppingToken), ReleaseStragglersAsync(stoppingToken));

    private async Task ReleaseAsync(CancellationToken stoppingToken)
    {
        await foreach (var reason in _over.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await store.ReleaseAsync(reason, stoppingToken);
                await pump.ClaimDueAsync(stoppingToken);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                LogTrouble(trouble);
            }
        }
    }

    // What was refused just before a server was found again is written down just after, and let go a little later.
    private async Task ReleaseStragglersAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _foundAgain.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.Delay(Stragglers, time, stoppingToken);
            _over.Writer.TryWrite(WaitReason.Retry);
        }
    }

    private void ReleaseHeld(string account) => _over.Writer.TryWrite(WaitReason.Hold);

    private void ReleaseRepeated(string server)
    {
        _over.Writer.TryWrite(WaitReason.Retry);
        _foundAgain.Writer.TryWrite(server);
    }

    [LoggerMessage(336, LogLevel.Error, "Runs that could go on were not let go; those that have a time go on at it, the others when the engine is started again")]
    private partial void LogTrouble(Exception trouble);
}
