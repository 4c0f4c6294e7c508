using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>
/// What other servers answer in tests: what the test gives for the address, as <c>as</c> would keep it. Without that, a call is answered
/// by status 200 and nothing, an upload by a file.
/// </summary>
internal static class WebAnswers
{
    private const int Success = 200;
    private const int PastSuccess = 300;

    /// <summary>Whether a key of <c>lookups</c> is an address: as a rule writes it, with <c>${secret.NAME}</c> for a secret.</summary>
    public static bool IsAddress(string key) =>
        key.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || key.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("${secret.", StringComparison.Ordinal);

    /// <summary>The answer to a frozen call.</summary>
    public static ActionOutcome Of(ActionDescriptor action, Intent intent, IReadOnlyDictionary<string, string> given)
    {
        using var body = JsonDocument.Parse(intent.Body);
        var address = FrozenText.Show(body.RootElement.GetProperty("url"));
        var answer = given.TryGetValue(address, out var json) ? JsonNode.Parse(json) as JsonObject : null;
        return action.Gives == "file" ? FileOf(address, answer) : ResponseOf(answer);
    }

    private static ActionOutcome ResponseOf(JsonObject? answer)
    {
        var status = answer?["status"] is JsonValue given && given.TryGetValue<double>(out var number) ? (int)number : Success;
        if (status is < Success or >= PastSuccess)
        {
            return new ActionOutcome.Rejected($"HTTP_{status}", $"The server refused (HTTP {status}).");
        }

        return new ActionOutcome.Done(JsonSerializer.SerializeToElement(new JsonObject
        {
            ["status"] = status,
            ["headers"] = answer?["headers"]?.DeepClone() ?? new JsonObject(),
            ["body"] = answer?["body"]?.DeepClone(),
        }));
    }

    private static ActionOutcome.Done FileOf(string address, JsonObject? answer)
    {
        var file = new JsonObject { ["id"] = "file1", ["name"] = new Uri(address).Segments[^1], ["isSensitive"] = false };
        foreach (var (name, value) in answer ?? [])
        {
            file[name] = value?.DeepClone();
        }

        return new(JsonSerializer.SerializeToElement(file));
    }
}
