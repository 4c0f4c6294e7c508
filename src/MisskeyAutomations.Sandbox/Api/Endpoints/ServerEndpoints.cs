using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>meta</c> and <c>ping</c>.</summary>
internal sealed class ServerEndpoints(WorldState state)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("meta", Meta) { Anonymous = true, AllowsGet = true, Parameters = [Flag("detail")] },
        new("ping", Ping) { Anonymous = true },
    ];

    private Refusal? Meta(ApiRequest request)
    {
        request.Json.WriteRawValue(ServerJson.Meta(state.Origin));
        return null;
    }

    private Refusal? Ping(ApiRequest request)
    {
        request.Json.WriteStartObject();
        request.Json.WriteNumber("pong", state.Now.ToUnixTimeMilliseconds());
        request.Json.WriteEndObject();
        return null;
    }
}
