using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace MisskeyAutomations.Webhooks;

/// <summary>
/// Counts the requests with a right secret, so that a server that pours them out takes neither the disk nor the other accounts' turns.
/// Each account has one count for its own webhooks and one for those of administrators: whoever knows the one secret cannot use up the
/// other's. Ids of hooks are the sender's word and are not counted by.
/// </summary>
internal sealed class Turnstile(IOptions<WebhookOptions> options) : IDisposable
{
    // Ten times a second, so that what was refused can come soon.
    private const int Refills = 10;

    private readonly PartitionedRateLimiter<(string Account, HookKind Kind)> _counts = PartitionedRateLimiter.Create<(string Account, HookKind Kind), (string, HookKind)>(
        hook => RateLimitPartition.GetTokenBucketLimiter(hook, _ => BucketOf(options.Value)));

    /// <summary>Whether one more is taken now.</summary>
    public bool LetsIn(string account, HookKind kind)
    {
        using var lease = _counts.AttemptAcquire((account, kind));
        return lease.IsAcquired;
    }

    public void Dispose() => _counts.Dispose();

    private static TokenBucketRateLimiterOptions BucketOf(WebhookOptions options)
    {
        var perRefill = Math.Max(1, options.PerSecond / Refills);
        return new()
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = perRefill,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perRefill / options.PerSecond),
            QueueLimit = 0,
        };
    }
}
