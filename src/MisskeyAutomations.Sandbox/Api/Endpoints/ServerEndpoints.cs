using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>meta</c>, <c>ping</c>, <c>drive/files/create</c>.</summary>
internal sealed class ServerEndpoints(WorldState state)
{
    private const long MaximumFileSize = 10 * 1024 * 1024;

    public IEnumerable<ApiEndpoint> All =>
    [
        new("meta", Meta) { Anonymous = true, AllowsGet = true, Parameters = [Flag("detail")] },
        new("ping", Ping) { Anonymous = true },
        new("drive/files/create", CreateFile)
        {
            Kind = "write:drive",
            TakesFile = true,
            Limit = CallLimit.PerHour(120),
            Parameters =
            [
                Id("folderId", nullable: true), new Text("name") { Nullable = true }, new Text("comment", 0, 512) { Nullable = true },
                Flag("isSensitive"), Flag("force"),
            ],
        },
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

    private Refusal? CreateFile(ApiRequest request)
    {
        if (request.File is not { } upload)
        {
            return new Refusal(400, "FILE_REQUIRED", "File required.", "4267801e-70d1-416a-b011-4ee502885d8b");
        }
        if (upload.Size > MaximumFileSize)
        {
            return Refusals.Of("drive/files/create", "MAX_FILE_SIZE_EXCEEDED");
        }
        var name = JsText.Trim(request.Text("name") ?? upload.Name);
        var file = new DriveFile(
            state.NewId(), state.Now, request.Me, name is null or "" or "blob" ? "untitled" : name, upload.ContentType, upload.Md5, upload.Size)
        {
            IsSensitive = request.Flag("isSensitive"),
            Comment = request.Text("comment"),
            Url = $"{state.Origin}/files/{Guid.NewGuid()}",
        };
        state.Files.Add(file.Id, file);
        ThingJson.WriteFile(request.Json, file);
        return null;
    }
}
