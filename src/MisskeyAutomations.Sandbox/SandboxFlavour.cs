namespace MisskeyAutomations.Sandbox;

/// <summary>Which family of Misskey the sandbox behaves like where they differ.</summary>
public enum SandboxFlavour
{
    /// <summary>Every accepted <c>notes/create</c> makes a note.</summary>
    Upstream,

    /// <summary>
    /// As MisskeyIO: a <c>notes/create</c> with a body that the same account sent within the last 60 s answers the first
    /// note and makes none; one that was refused answers 202 PROCESSING for 30 s. <c>noCreatedNote</c> answers 204, and
    /// a bot may not reply to a bot.
    /// </summary>
    Deduplicating,
}
