using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>The deliveries that comparing followers makes.</summary>
public static class FollowerEvents
{
    /// <summary>Somebody left. The id is that of the follow that ended, so that each is told once.</summary>
    /// <param name="user">Who.</param>
    /// <param name="follow">The id of the follow.</param>
    /// <param name="server">The account's server.</param>
    /// <param name="me">The account's own user id.</param>
    public static StreamedEvent Left(JsonElement user, string follow, Uri server, string me)
    {
        var id = $"unfollowed:{user.GetText("id")}:{follow}";
        return new(Envelopes.Write(server, me, id, "unfollowed", null, "user", user), id);
    }
}
