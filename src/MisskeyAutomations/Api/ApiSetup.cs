using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MisskeyAutomations.Api;

/// <summary>Registers the folder, and maps its addresses.</summary>
internal static class ApiSetup
{
    /// <summary>Where the API begins.</summary>
    public const string Path = "/api";

    private const string DocumentPath = $"{Path}/openapi.json";

    /// <summary>Who may give orders.</summary>
    public static readonly AuthorizationPolicy OrderPolicy = new AuthorizationPolicyBuilder(ApiKeyScheme.SchemeName).RequireRole(ApiKeyScheme.Orders).Build();

    private static readonly AuthorizationPolicy LookPolicy = new AuthorizationPolicyBuilder(ApiKeyScheme.SchemeName).RequireAuthenticatedUser().Build();

    /// <summary>What the API needs in the engine's container.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services) => services.AddSingleton<ApiKeys>();

    /// <summary>What it needs in the container of the server that it is served by.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options).AddSingleton<ApiBrake>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.SchemeName, configureOptions: null);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));

            // It is never part of a page.
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        return services.AddOpenApi(ApiDocument.Describe);
    }

    /// <summary>Maps it. Nothing of it is answered without a key.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").RequireAuthorization(LookPolicy);
        all.MapOpenApi(DocumentPath);
        var looks = all.MapGroup($"{Path}/v1").AddEndpointFilter<ApiDoor>();
        var orders = routes.MapGroup($"{Path}/v1").RequireAuthorization(OrderPolicy).AddEndpointFilter<ApiDoor>();
        EngineApi.Map(Tagged(looks, "engine"), Tagged(orders, "engine"));
        EventsApi.Map(Tagged(looks, "events"), Tagged(orders, "events"));
        RunsApi.Map(Tagged(looks, "runs"), Tagged(orders, "runs"));
        QuarantineApi.Map(Tagged(looks, "quarantine"), Tagged(orders, "quarantine"));
        all.Map($"{Path}/{{**path}}", (HttpRequest request) => ApiRefusal.NotFound(
            "no-such-address", $"There is no {request.Method} {request.Path}. {DocumentPath} lists all that there is.").ToResult(request)).ExcludeFromDescription();
    }

    private static RouteGroupBuilder Tagged(RouteGroupBuilder group, string tag) => group.MapGroup("").WithTags(tag);
}
