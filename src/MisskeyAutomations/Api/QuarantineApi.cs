using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Control;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>What was set aside: tried again, or given up.</summary>
internal static class QuarantineApi
{
    private const int Most = 200;

    public static void Map(RouteGroupBuilder looks, RouteGroupBuilder orders)
    {
        looks.MapGet("/quarantine", List).WithSummary("What was set aside because it could not be decided, or because the engine ended at it");
        orders.MapPost("/quarantine/events/{number:long}/retry", async (long number, HttpContext context, EventOrders events, CancellationToken cancellationToken) =>
            await events.RetryAsync(number, cancellationToken) ? RunsApi.Done(context, "It is decided anew.") : throw NotSetAside()).WithSummary("Has an event decided anew");
        orders.MapPost("/quarantine/events/{number:long}/drop", async (long number, HttpContext context, EventOrders events, CancellationToken cancellationToken) =>
            await events.DropAsync(number, cancellationToken) ? RunsApi.Done(context, "It is given up.") : throw NotSetAside()).WithSummary("Gives an event up: it is not decided any more, however it is reported");
        orders.MapPost("/quarantine/runs/{id:long}/retry", async (long id, HttpContext context, RunOrders runs, CancellationToken cancellationToken) =>
            await runs.RetrySetAsideAsync(id, cancellationToken) ? RunsApi.Done(context, "It goes on where it stood.") : throw NotSetAside()).WithSummary("Lets a run go on where it stood");
        orders.MapPost("/quarantine/runs/{id:long}/drop", async (long id, HttpContext context, RunOrders runs, CancellationToken cancellationToken) =>
            await runs.DropAsync(id, cancellationToken) ? RunsApi.Done(context, "It is given up.") : throw NotSetAside()).WithSummary("Gives a run up: it stays failed");
    }

    private static Ok<QuarantineAnswer> List(EventQueries events, RunQueries runs) => TypedResults.Ok(
        new QuarantineAnswer([.. events.ListQuarantined(Most).Select(EventAnswer.Of)], [.. runs.ListSetAside(Most).Select(RunSetAsideAnswer.Of)]));

    private static ApiRefusal NotSetAside() => ApiRefusal.NotFound("not-set-aside", "Nothing of this number is set aside. GET /api/v1/quarantine names what is.");
}
