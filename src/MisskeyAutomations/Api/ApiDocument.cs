using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MisskeyAutomations.Api;

/// <summary>What the document that describes the API says beside what its endpoints tell by themselves.</summary>
internal static class ApiDocument
{
    private const string Scheme = "key";

    /// <summary>Tells it.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "MisskeyAutomations",
                Version = "v1",
                Description = "What the engine did, does and waits for, and orders to it. A key is made with `api-keys add NAME`. What is wrong is answered with problem details "
                    + "(RFC 9457) whose `detail` says what to do, and whose `code` stays the same for programs.",
            };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key: mka_…" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            // Not said by the framework's own metadata: that would hide an address from whoever sends something else.
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakenBody>().FirstOrDefault() is { } body)
            {
                var schema = await context.GetOrCreateSchemaAsync(body.Type, parameterDescription: null, cancellationToken);
                operation.RequestBody = new OpenApiRequestBody
                {
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
                };
            }

            var givesOrders = context.Description.ActionDescriptor.EndpointMetadata.OfType<AuthorizationPolicy>().Any(policy => policy == ApiSetup.OrderPolicy);
            operation.Responses ??= [];
            operation.Responses["401"] = new OpenApiResponse { Description = "There is no key, or a wrong one" };
            operation.Responses["429"] = new OpenApiResponse { Description = "Too many requests came within a short time; Retry-After says when to try again" };
            operation.Responses["default"] = new OpenApiResponse { Description = "Why it cannot be done, and what to do: application/problem+json" };
            if (givesOrders)
            {
                operation.Responses["403"] = new OpenApiResponse { Description = "The key may only look" };
            }
        });
    }
}
