using System.Text;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>One call of the API as the sandbox saw it.</summary>
/// <param name="Username">Null when no valid token came with it.</param>
/// <param name="Status">The HTTP status; 0 when the connection was cut or nothing was answered.</param>
/// <param name="ErrorCode">Null on success.</param>
public sealed record ApiCall(DateTimeOffset Time, string? Username, string Endpoint, int Status, string? ErrorCode)
{
    internal ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The injected fault that hit the call; null when none did.</summary>
    public Faults.Fault? Fault { get; init; }

    /// <summary>The request's JSON as received, with the token if it was in the body; empty for uploads.</summary>
    public string Body => Encoding.UTF8.GetString(Bytes.Span);
}
