using System.Net.Http.Headers;

namespace MisskeyAutomations.Outside;

/// <summary>A request to a server of the rule's choice.</summary>
internal sealed record OutsideRequest
{
    public required HttpMethod Method { get; init; }

    /// <summary>Absolute, http or https, without a name or password.</summary>
    public required Uri Address { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>No more of the answer than this is read.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>From the first look at the name to the last byte of the answer.</summary>
    public required TimeSpan Patience { get; init; }
}

/// <summary>What came back.</summary>
internal sealed record OutsideAnswer
{
    public required int Status { get; init; }

    /// <summary>By name in lower case; several of one name are joined.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Null when it was longer than allowed, broke off or came too late.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether there was more of it than allowed.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>The media type without parameters.</summary>
    public string? MediaType { get; init; }

    /// <summary>What <c>Retry-After</c> asks for.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; init; }

    /// <summary>The host to which a redirect leads.</summary>
    public string? RedirectHost { get; init; }
}

/// <summary>There is no answer.</summary>
/// <param name="cause">What went wrong.</param>
/// <param name="mayHaveArrived">Whether the server may have acted on the request.</param>
internal sealed class OutsideFaultException(Exception cause, bool mayHaveArrived) : Exception(cause.Message, cause)
{
    public bool MayHaveArrived => mayHaveArrived;
}
