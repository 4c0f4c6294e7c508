namespace MisskeyAutomations.Misskey;

/// <summary>What the engine asks Misskey of its own accord, whatever the rules are.</summary>
internal static class OwnCalls
{
    /// <summary>What webhooks did not bring is read there, unless an account does without.</summary>
    public const string Notifications = "i/notifications";

    /// <summary>What looks after the webhook of a connected account, and proves that it arrives by a note that is deleted at once.</summary>
    public static readonly IReadOnlyList<string> OfConnecting =
        ["i/webhooks/create", "i/webhooks/list", "i/webhooks/update", "i/webhooks/delete", "notes/create", "notes/delete"];

    /// <summary>What finds a place that rules name, such as <c>antenna:cats</c>; null where nothing is to be found.</summary>
    public static string? OfPlace(string place) => place[..(place.IndexOf(':', StringComparison.Ordinal) + 1)] switch
    {
        "antenna:" => "antennas/list",
        "list:" => "users/lists/list",
        "channel:" => "channels/followed",
        _ => null,
    };

    /// <summary>
    /// By <see cref="MisskeyAccountCheck"/>, <see cref="MutedPeopleSync"/> and <see cref="ServerProbe"/>; <c>users/relation</c> to prove that
    /// an answer is not there.
    /// </summary>
    public static readonly IReadOnlyList<string> Endpoints = ["i", "meta", "mute/list", "blocking/list", "users/relation", ServerProbe.Endpoint];
}
