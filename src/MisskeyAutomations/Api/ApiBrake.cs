using System.Threading.RateLimiting;

namespace MisskeyAutomations.Api;

/// <summary>Counts requests, so that nobody's program keeps the engine from its work.</summary>
internal sealed class ApiBrake(ApiOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _counts = PartitionedRateLimiter.Create<string, string>(
        who => RateLimitPartition.GetTokenBucketLimiter(who, _ => new()
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = options.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    /// <summary>Whether one more is answered now; otherwise when it would be.</summary>
    public bool LetsIn(string who, out TimeSpan after)
    {
        using var lease = _counts.AttemptAcquire(who);
        after = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose() => _counts.Dispose();
}
