using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.SignIn;

namespace MisskeyAutomations.Dashboard;

/// <summary>
/// Every address of the dashboard. Whoever is not signed in gets none of them, but for those that say otherwise: sign-in, health, static files.
/// </summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // Forms are looked at by the pipeline, all of them.
        var routes = app.MapGroup("").DisableAntiforgery();
        AssetFiles.Map(routes);
        SignInEndpoints.Map(routes);
        routes.MapGet("/healthz", () => "ok\n").AllowAnonymous();
        OverviewEndpoints.Map(routes);
        EventsEndpoints.Map(routes);
        RunsEndpoints.Map(routes);
        LooksEndpoints.Map(routes);
        routes.MapApi();
        routes.MapFallback("{*path}", () => new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound });
    }
}
