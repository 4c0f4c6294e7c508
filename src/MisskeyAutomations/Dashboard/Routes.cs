using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.AccountPages;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Dashboard.Live;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.RecipePages;
using MisskeyAutomations.Dashboard.RulePages;
using MisskeyAutomations.Dashboard.SandboxPages;
using MisskeyAutomations.Dashboard.SettingPages;
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
        MisskeySignInEndpoints.Map(routes);
        routes.MapGet("/healthz", () => "ok\n").AllowAnonymous();
        OverviewEndpoints.Map(routes);
        EventsEndpoints.Map(routes);
        RunsEndpoints.Map(routes);
        LiveEndpoints.Map(routes);
        RuleEndpoints.Map(routes);
        RecipeEndpoints.Map(routes);
        AccountEndpoints.Map(routes);
        ConnectEndpoints.Map(routes);
        LooksEndpoints.Map(routes);
        SettingEndpoints.Map(routes);
        if (app.ServiceProvider.GetService<Playground>() is not null)
        {
            SandboxEndpoints.Map(routes);
        }

        routes.MapApi();
        routes.MapFallback("{*path}", () => NotFoundPage.Answer());
    }
}
