using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>The files of an account's drive.</summary>
internal sealed class DriveEndpoints(WorldState state)
{
    private const long MaximumFileSize = 10 * 1024 * 1024;

    public IEnumerable<ApiEndpoint> All =>
    [
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
        new("drive/files/find-by-hash", FindByHash) { Kind = "read:drive", Parameters = [new Text("md5") { Required = true }] },
        new("drive/files/show", ShowFile)
        {
            Kind = "read:drive",
            Parameters = [Id("fileId"), new Text("url")],
            Constraint = body => body.TryGetProperty("fileId", out _) || body.TryGetProperty("url", out _) ? null
                : new Violation("#/anyOf/0/required", "must have required property 'fileId'"),
        },
    ];

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

    private Refusal? FindByHash(ApiRequest request)
    {
        var md5 = request.Text("md5");
        request.WriteArray(state.Files.Values.Where(file => file.Owner == request.Me && file.Md5 == md5), file => ThingJson.WriteFile(request.Json, file));
        return null;
    }

    private Refusal? ShowFile(ApiRequest request)
    {
        const string Endpoint = "drive/files/show";
        var found = request.Text("fileId") is { } id ? state.Files.GetValueOrDefault(id) : state.Files.Values.FirstOrDefault(file => file.Url == request.Text("url"));
        if (found is null)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_FILE");
        }
        if (found.Owner != request.Me)
        {
            return Refusals.Of(Endpoint, "ACCESS_DENIED");
        }
        ThingJson.WriteFile(request.Json, found);
        return null;
    }
}
