using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules.Formatting;

/// <summary>What became of formatting a file.</summary>
/// <param name="Text">The formatted text; null when the file is left as it is.</param>
/// <param name="Errors">Why it is left: what is wrong in it.</param>
public sealed record RuleFormatting(string? Text, IReadOnlyList<Diagnostic> Errors)
{
    /// <summary>Why it is left where nothing is wrong in it: a way of writing that the formatter does not know; null for none.</summary>
    public Phrase? Obstacle { get; init; }
}
