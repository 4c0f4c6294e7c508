using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>The account's own lists and clips, as rules name them.</summary>
public static class OwnThing
{
    /// <summary>
    /// Those that a rule means by an id or a name, an array: the one with this id; otherwise all with exactly this name, for Misskey lets
    /// several have one.
    /// </summary>
    /// <param name="all">What <c>users/lists/list</c> or <c>clips/list</c> answered; anything but an array holds none.</param>
    /// <param name="idOrName">As the rule says it.</param>
    public static JsonElement Matching(JsonElement all, string idOrName)
    {
        JsonElement[] things = all.ValueKind == JsonValueKind.Array ? [.. all.EnumerateArray()] : [];
        var byId = things.Where(thing => thing.GetText("id") == idOrName).ToArray();
        return JsonSerializer.SerializeToElement(byId.Length > 0 ? byId : [.. things.Where(thing => thing.GetText("name") == idOrName)]);
    }
}
