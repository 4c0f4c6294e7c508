using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Sandbox.People;

namespace MisskeyAutomations.Dashboard.SandboxPages;

/// <summary>What people did, in words that can be translated.</summary>
internal static class PlayWords
{
    /// <summary>The act, and why Misskey refused it where it did.</summary>
    public static Phrase Of(PersonAct act) => act.RefusedWith is { } code ? Phrase.Of($"{Deed(act.What)} – refused: {code}") : Deed(act.What);

    private static Phrase Deed(string what)
    {
        var whom = what.IndexOf('@', StringComparison.Ordinal) is var at and > 0 ? what[at..] : "";
        return what[..^whom.Length].TrimEnd() switch
        {
            "posted" => Phrase.Of("posted"),
            "followed" => Phrase.Of($"followed {whom}"),
            "unfollowed" => Phrase.Of($"unfollowed {whom}"),
            "mentioned" => Phrase.Of($"mentioned {whom}"),
            "renoted" => Phrase.Of($"renoted {whom}"),
            "quoted" => Phrase.Of($"quoted {whom}"),
            "replied to" => Phrase.Of($"replied to {whom}"),
            "reacted to" => Phrase.Of($"reacted to {whom}"),
            "sent a direct note to" => Phrase.Of($"sent a direct note to {whom}"),
            "asked to follow" => Phrase.Of($"asked to follow {whom}"),
            "asked everybody" => Phrase.Of("asked everybody"),
            _ => Phrase.Of($"{what}"),
        };
    }
}
