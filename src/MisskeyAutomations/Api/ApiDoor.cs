using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Api;

/// <summary>What every request of the API passes: names in the query that nobody knows are told, and whatever goes wrong ends in a sentence.</summary>
internal sealed partial class ApiDoor(ILogger<ApiDoor> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        try
        {
            Check(request, context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<QueryNames>()?.Names ?? []);
            return await next(context);
        }
        catch (ApiRefusal refusal)
        {
            return refusal.ToResult(request);
        }
        catch (StoreUnavailableException trouble)
        {
            return new ApiRefusal(StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The store cannot be used now: {trouble.Message} Try again in a minute.").ToResult(request);
        }
        catch (BadHttpRequestException bad)
        {
            return new ApiRefusal(bad.StatusCode, "bad-request", bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? "The body is too large: at most 1 MiB is taken." : Phrase.Of($"The request cannot be read: {bad.Message}")).ToResult(request);
        }
        catch (IOException damaged) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            LogDamaged(damaged, request.Path);
            return new ApiRefusal(StatusCodes.Status500InternalServerError, "damaged", $"{damaged.Message}").ToResult(request);
        }
        catch (Exception fault) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            LogFault(fault, request.Path);
            return new ApiRefusal(StatusCodes.Status500InternalServerError, "fault", "Something went wrong in the engine; its log says what. Nothing is known to have been done.").ToResult(request);
        }
    }

    private static void Check(HttpRequest request, IReadOnlyList<string> names)
    {
        if (request.Query.Keys.FirstOrDefault(key => !names.Contains(key, StringComparer.Ordinal)) is not { } unknown)
        {
            return;
        }

        throw ApiRefusal.Wrong("unknown-parameter", names.Count == 0 ? Phrase.Of($"'{unknown}' is no parameter of this address; it takes none.")
            : NearestName.Find(unknown, names) is { } near ? Phrase.Of($"'{unknown}' is no parameter of this address; did you mean '{near}'? There are: {string.Join(", ", names)}.")
            : Phrase.Of($"'{unknown}' is no parameter of this address. There are: {string.Join(", ", names)}."));
    }

    [LoggerMessage(2450, LogLevel.Error, "A request of the API for {Path} could not be answered: a record in the store makes no sense")]
    private partial void LogDamaged(Exception damaged, string path);

    [LoggerMessage(2451, LogLevel.Error, "A request of the API for {Path} could not be answered: this is a fault of the engine")]
    private partial void LogFault(Exception fault, string path);
}

/// <summary>The names that the query of an address may have.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names)
{
    /// <summary>Those of a set of parameters.</summary>
    public static QueryNames Of<T>() => new([.. typeof(T).GetProperties().Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name).OfType<string>()]);
}
