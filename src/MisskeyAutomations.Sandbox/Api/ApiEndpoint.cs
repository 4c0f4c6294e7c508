using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>
/// One endpoint: what it demands of the caller and what it does. <paramref name="Run"/> is called under the lock of the
/// world and writes its answer, if it has one, into the request's JSON.
/// </summary>
internal sealed record ApiEndpoint(string Name, Func<ApiRequest, Refusal?> Run)
{
    /// <summary>The permission kind an app token must have.</summary>
    public string? Kind { get; init; }

    /// <summary>Open without a token.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Closed to app tokens.</summary>
    public bool Secure { get; init; }

    public bool AllowsGet { get; init; }

    /// <summary>Takes multipart/form-data with a file instead of JSON.</summary>
    public bool TakesFile { get; init; }

    public CallLimit? Limit { get; init; }

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Called, under the lock too, when a call that takes its time arrives; whether the call is to be worked on.</summary>
    public Func<ApiRequest, bool>? Begin { get; init; }

    /// <summary>Rules of the schema that are not about one parameter; checked before them, as ajv does.</summary>
    public Func<JsonElement, Violation?>? Constraint { get; init; }

    public Violation? Check(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            return new Violation("#/type", "must be object");
        }
        if (Constraint?.Invoke(body) is { } broken)
        {
            return broken;
        }
        foreach (var parameter in Parameters)
        {
            if (parameter.Required && !body.TryGetProperty(parameter.Name, out _))
            {
                return new Violation("#/required", $"must have required property '{parameter.Name}'");
            }
        }
        foreach (var parameter in Parameters)
        {
            if (parameter.CheckIn(body) is { } violation)
            {
                return violation;
            }
        }
        return null;
    }
}

/// <summary>At most <paramref name="Max"/> calls per <paramref name="Duration"/>, and, when set, so far apart.</summary>
internal sealed record CallLimit(int Max, TimeSpan Duration, TimeSpan? MinimumInterval = null)
{
    public static CallLimit PerHour(int max, int secondsApart = 0) =>
        new(max, TimeSpan.FromHours(1), secondsApart == 0 ? null : TimeSpan.FromSeconds(secondsApart));
}
