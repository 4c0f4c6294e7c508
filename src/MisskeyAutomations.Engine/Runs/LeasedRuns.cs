using System.Threading.Channels;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>The runs that are leased to this node and wait for a free worker. Bounded: whoever leases more must wait.</summary>
public sealed class LeasedRuns
{
    private const int Capacity = 2_000;
    private readonly Channel<Run> _channel = Channel.CreateBounded<Run>(Capacity);

    /// <summary>Hands a run over; waits while there are too many.</summary>
    public ValueTask AddAsync(Run run, CancellationToken cancellationToken) => _channel.Writer.WriteAsync(run, cancellationToken);

    /// <summary>The runs in the order in which they were handed over.</summary>
    public IAsyncEnumerable<Run> ReadAllAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAllAsync(cancellationToken);
}
