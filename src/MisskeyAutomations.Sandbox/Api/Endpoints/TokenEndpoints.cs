using MisskeyAutomations.Sandbox.Consent;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>miauth/gen-token</c>: what a signed-in browser calls when its user agrees; closed to app tokens.</summary>
internal sealed class TokenEndpoints(MiAuth consent)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("miauth/gen-token", Generate)
        {
            Secure = true,
            Parameters =
            [
                new Text("session") { Required = true, Nullable = true }, new Text("name") { Nullable = true }, new Text("description") { Nullable = true },
                new Text("iconUrl") { Nullable = true }, new Many("permission", new Text("")) { Required = true, Unique = true },
            ],
        },
    ];

    private Refusal? Generate(ApiRequest request)
    {
        request.Json.WriteStartObject();
        request.Json.WriteString("token", consent.Grant(request.Me, request.Text("session"), request.Texts("permission")));
        request.Json.WriteEndObject();
        return null;
    }
}
