namespace MisskeyAutomations.Sandbox.Model;

/// <summary>
/// An error as Misskey answers it: <c>{"error":{message, code, id, kind, info?}}</c>.
/// </summary>
/// <param name="Id">A UUID that is constant per endpoint and error: finer than the code.</param>
/// <param name="Kind">client, permission or server.</param>
public sealed record Refusal(int Status, string Code, string Message, string Id, string Kind = "client")
{
    /// <summary>The raw JSON of <c>info</c>; null when there is none.</summary>
    public string? InfoJson { get; init; }

    /// <summary>Seconds for the Retry-After header; null when there is none.</summary>
    public int? RetryAfter { get; init; }
}

/// <summary>Thrown when a simulated person tries what Misskey refuses.</summary>
public sealed class SandboxRefusedException(Refusal refusal) : InvalidOperationException($"{refusal.Code}: {refusal.Message}")
{
    public Refusal Refusal { get; } = refusal;
}
