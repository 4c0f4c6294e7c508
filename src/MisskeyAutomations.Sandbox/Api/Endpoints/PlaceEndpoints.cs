using System.Text.Json;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>Antennas and channels: where notes pass.</summary>
internal sealed class PlaceEndpoints(WorldState state)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("antennas/list", ListAntennas) { Kind = "read:account" },
        new("channels/followed", static request => WriteChannels(request, [])) { Kind = "read:channels", Parameters = [.. Paging()] },
        new("channels/my-favorites", static request => WriteChannels(request, [])) { Kind = "read:channels" },
        new("channels/owned", request => WriteChannels(request, state.Channels.Values.Where(channel => channel.Owner == request.Me)))
        {
            Kind = "read:channels",
            Parameters = [.. Paging()],
        },
        new("channels/search", Search)
        {
            Anonymous = true,
            Parameters = [new Text("query") { Required = true }, new Text("type"), .. Paging()],
        },
        new("channels/show", Show) { Anonymous = true, Parameters = [Id("channelId", required: true)] },
    ];

    private Refusal? ListAntennas(ApiRequest request)
    {
        request.WriteArray(state.Antennas.Values.Where(antenna => antenna.Owner == request.Me), antenna => Write(request.Json, antenna));
        return null;
    }

    private Refusal? Search(ApiRequest request) => WriteChannels(
        request, state.Channels.Values.Where(channel => channel.Name.Contains(request.Text("query")!, StringComparison.OrdinalIgnoreCase)));

    private Refusal? Show(ApiRequest request)
    {
        if (state.Channels.GetValueOrDefault(request.Text("channelId")!) is not { } channel)
        {
            return Refusals.Of("channels/show", "NO_SUCH_CHANNEL");
        }
        Write(request.Json, channel);
        return null;
    }

    private static Refusal? WriteChannels(ApiRequest request, IEnumerable<Channel> channels)
    {
        request.WriteArray(channels, channel => Write(request.Json, channel));
        return null;
    }

    private static void Write(Utf8JsonWriter json, Antenna antenna)
    {
        json.WriteStartObject();
        json.WriteString("id", antenna.Id);
        json.WriteTime("createdAt", antenna.CreatedAt);
        json.WriteString("name", antenna.Name);
        json.WriteStartArray("keywords");
        foreach (var word in antenna.Words)
        {
            json.WriteStartArray();
            json.WriteStringValue(word);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEmptyArray("excludeKeywords");
        json.WriteString("src", "all");
        json.WriteNull("userListId");
        json.WriteEmptyArray("users");
        json.WriteBoolean("caseSensitive", false);
        json.WriteBoolean("localOnly", false);
        json.WriteBoolean("excludeBots", false);
        json.WriteBoolean("withReplies", true);
        json.WriteBoolean("withFile", false);
        json.WriteBoolean("isActive", true);
        json.WriteBoolean("hasUnreadNote", false);
        json.WriteBoolean("notify", false);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Channel channel)
    {
        json.WriteStartObject();
        json.WriteString("id", channel.Id);
        json.WriteNull("lastNotedAt");
        json.WriteString("name", channel.Name);
        json.WriteNull("description");
        json.WriteString("userId", channel.Owner.Id);
        json.WriteNull("bannerUrl");
        json.WriteEmptyArray("pinnedNoteIds");
        json.WriteString("color", "#86b300");
        json.WriteBoolean("isArchived", false);
        json.WriteNumber("usersCount", 0);
        json.WriteNumber("notesCount", 0);
        json.WriteBoolean("isSensitive", false);
        json.WriteBoolean("allowRenoteToExternal", true);
        json.WriteEndObject();
    }
}
