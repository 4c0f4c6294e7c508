namespace MisskeyAutomations.Misskey;

/// <summary>What the engine asks Misskey of its own accord, whatever the rules are.</summary>
internal static class OwnCalls
{
    /// <summary>What webhooks did not bring is read there, unless an account does without.</summary>
    public const string Notifications = "i/notifications";

    /// <summary>
    /// By <see cref="MisskeyAccountCheck"/>, <see cref="MutedPeopleSync"/> and <see cref="ServerProbe"/>; <c>users/relation</c> to prove that
    /// an answer is not there.
    /// </summary>
    public static readonly IReadOnlyList<string> Endpoints = ["i", "meta", "mute/list", "blocking/list", "users/relation", ServerProbe.Endpoint];
}
