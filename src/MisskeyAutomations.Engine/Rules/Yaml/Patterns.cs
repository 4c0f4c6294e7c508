namespace MisskeyAutomations.Engine.Rules.Yaml;

/// <summary>What the regular expressions of this folder have in common.</summary>
internal static class Patterns
{
    /// <summary>
    /// Milliseconds. All patterns are linear in their text, so this is never reached; it is far above what a busy machine needs,
    /// because running into it would be an exception.
    /// </summary>
    public const int Timeout = 10_000;
}
