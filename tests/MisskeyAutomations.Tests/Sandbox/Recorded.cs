using System.Text;
using System.Text.Json;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>What two real servers sent and answered.</summary>
internal static class Recorded
{
    public static JsonElement Webhook(string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Payloads", name + ".json")));

    public static JsonElement WebhookBody(string name) => JsonElement.Parse(Webhook(name).GetProperty("bodyText").GetString()!);

    /// <summary>One recorded refusal per endpoint and error code.</summary>
    public static IEnumerable<JsonElement> ApiErrors() =>
        File.ReadLines(Path.Combine(Folder(), "api-errors.jsonl")).Select(line => JsonElement.Parse(line));

    /// <summary>One recorded success per endpoint.</summary>
    public static IEnumerable<JsonElement> ApiAnswers() =>
        File.ReadLines(Path.Combine(Folder(), "api-answers.jsonl")).Select(line => JsonElement.Parse(line));

    private static string Folder() => Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Recorded");
}

/// <summary>
/// Writes JSON as one line per value, in order: path, kind and, unless it differs between any two servers, the value.
/// Two documents of equal text have the same keys in the same order with the same kinds.
/// </summary>
internal static class JsonShape
{
    /// <summary>Ids, times and addresses.</summary>
    private static readonly HashSet<string> Volatile = new(StringComparer.Ordinal)
    {
        "id", "server", "hookId", "userId", "eventId", "createdAt", "updatedAt", "lastFetchedAt", "expiresAt", "avatarUrl",
        "replyId", "replyUserId", "followeeId", "followerId", "renoteId", "channelId", "url", "md5", "size", "thumbnailUrl", "blurhash",
    };

    private static readonly HashSet<string> Counts = new(StringComparer.Ordinal)
    {
        "followersCount", "followingCount", "notesCount", "onlineStatus",
    };

    public static string Of(JsonElement json, params IEnumerable<string> ignored)
    {
        var text = new StringBuilder();
        Write(text, json, "$", "", ignored.ToHashSet(StringComparer.Ordinal));
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement json, string path, string name, HashSet<string> ignored)
    {
        if (ignored.Contains(name))
        {
            text.Append(path).AppendLine(" present");
            return;
        }
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append(path).AppendLine(" object");
                foreach (var property in json.EnumerateObject())
                {
                    Write(text, property.Value, $"{path}.{property.Name}", property.Name, ignored);
                }
                break;
            case JsonValueKind.Array:
                text.Append(path).Append(" array ").Append(json.GetArrayLength()).AppendLine();
                var index = 0;
                foreach (var item in json.EnumerateArray())
                {
                    Write(text, item, $"{path}[{index++}]", name, ignored);
                }
                break;
            default:
                text.Append(path).Append(' ').Append(json.ValueKind).Append(' ').AppendLine(IsVolatile(json, name) ? "" : json.GetRawText());
                break;
        }
    }

    private static bool IsVolatile(JsonElement json, string name) =>
        json.ValueKind is not JsonValueKind.Null
        && (Volatile.Contains(name) || Counts.Contains(name) || name is "mentions" or "visibleUserIds" or "fileIds" or "reactionAndUserPairCache");
}
