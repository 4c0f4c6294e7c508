using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Control;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>The overview, and the switch on it that stops everything.</summary>
internal static class OverviewEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => new RazorComponentResult<OverviewPage>());
        routes.MapPost("/panic/on", async (PanicSwitch panic, CancellationToken cancellationToken) =>
        {
            await panic.StopAsync(cancellationToken);
            return Results.LocalRedirect("/");
        });
        routes.MapPost("/panic/off", async (PanicSwitch panic, CancellationToken cancellationToken) =>
        {
            await panic.LetGoAsync(cancellationToken);
            return Results.LocalRedirect("/");
        });
    }
}
