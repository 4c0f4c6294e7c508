namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>
/// One webhook request to be made. URL, secret and bytes are copied when the event happens: a hook that is changed or
/// deleted afterwards does not change what its waiting retries send, and to where.
/// </summary>
internal sealed record Delivery(Webhook Hook, string EventId, string Type, string Url, string Secret, byte[] Body, int MaximumAttempts)
{
    /// <summary>1 for the first try.</summary>
    public int Attempt { get; init; } = 1;
}

/// <summary>What became of one try to deliver a webhook.</summary>
/// <param name="Attempt">1 for the first try, 4 for the last.</param>
/// <param name="Status">The HTTP status; 1 when there was no HTTP answer.</param>
/// <param name="RetryIn">How long until the next try; null when there will be none.</param>
public sealed record DeliveryAttempt(
    DateTimeOffset Time, string HookId, string EventId, string Type, int Attempt, int Status, TimeSpan? RetryIn)
{
    public bool Delivered => Status is >= 200 and < 300;
}
