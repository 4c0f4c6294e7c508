using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>Finds the channels of Misskey's stream that show what rules name: antennas, lists and channels are named as people name them, or by id.</summary>
internal sealed class PlaceFinder(MisskeySender misskey)
{
    private const int MostTold = 20;

    /// <summary>The channels of a place; several where several things bear the name.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="place">As rules name it, such as <c>antenna:cats</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FoundPlace> FindAsync(string account, string place, CancellationToken cancellationToken)
    {
        var name = place[(place.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return place[..^(name.Length + 1)] switch
        {
            "timeline" => Found(new StreamChannel(name == "local" ? "localTimeline" : "homeTimeline", "{}")),
            "hashtag" => Found(new StreamChannel("hashtag", Tag(name))),
            "antenna" => await AmongAsync(account, "antennas/list", "{}", name, "antenna", "antennaId", cancellationToken),
            "list" => await AmongAsync(account, "users/lists/list", "{}", name, "userList", "listId", cancellationToken),
            _ => await FindChannelAsync(account, name, cancellationToken),
        };
    }

    // A list of alternatives, each a list of tags.
    private static string Tag(string name) => RequestBody.Write(json =>
    {
        json.WriteStartArray("q");
        json.WriteStartArray();
        json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndArray();
    });

    private static FoundPlace Found(StreamChannel channel) => new([channel], [], null);

    private async Task<FoundPlace> AmongAsync(
        string account, string endpoint, string body, string name, string channel, string parameter, CancellationToken cancellationToken)
    {
        var outcome = await misskey.SendAsync(account, endpoint, body, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is not ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } things })
        {
            return new([], [], outcome is ActionOutcome.Done ? new ActionOutcome.Uncertain("Misskey's answer cannot be read.") : outcome);
        }

        var found = things.EnumerateArray().Where(thing => thing.GetText("id") == name || thing.GetText("name") == name).Select(thing => thing.GetText("id")).OfType<string>();
        return new(
            [.. found.Select(id => new StreamChannel(channel, RequestBody.Write(json => json.WriteString(parameter, id))))],
            [.. things.EnumerateArray().Select(thing => thing.GetText("name")).OfType<string>().Take(MostTold)], null);
    }

    // The account's own channels come first, and need a permission of their own; a channel of anybody is found by searching.
    private async Task<FoundPlace> FindChannelAsync(string account, string name, CancellationToken cancellationToken)
    {
        const string Many = """{"limit":100}""";
        var search = RequestBody.Write(json =>
        {
            json.WriteString("query", name);
            json.WriteString("type", "nameOnly");
            json.WriteNumber("limit", 100);
        });
        var byId = RequestBody.Write(json => json.WriteString("channelId", name));
        if (IsId(name) && await misskey.SendAsync(account, "channels/show", byId, cancellationToken) is ActionOutcome.Done { Answer: { } shown } && shown.GetText("id") == name)
        {
            return Found(new StreamChannel("channel", byId));
        }

        var known = new List<string>();
        foreach (var (endpoint, body) in new[] { ("channels/followed", Many), ("channels/owned", Many), ("channels/search", search) })
        {
            var found = await AmongAsync(account, endpoint, body, name, "channel", "channelId", cancellationToken);
            if (found.Channels.Count > 0 || found.Trouble is not (null or ActionOutcome.Rejected))
            {
                return found;
            }

            known.AddRange(found.Known);
        }

        return new([], [.. known.Distinct(StringComparer.Ordinal).Take(MostTold)], null);
    }

    private static bool IsId(string name) => name.Length is >= 8 and <= 32 && name.All(char.IsAsciiLetterOrDigit);
}

/// <summary>A channel of Misskey's stream, and what it takes, as JSON.</summary>
internal sealed record StreamChannel(string Name, string Parameters);

/// <summary>What was found of a place.</summary>
/// <param name="Channels">The channels that show it; none when there is no such thing.</param>
/// <param name="Known">The names of the things that there are.</param>
/// <param name="Trouble">Why it could not be looked for; null when it could.</param>
internal sealed record FoundPlace(IReadOnlyList<StreamChannel> Channels, IReadOnlyList<string> Known, ActionOutcome? Trouble);
