using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads rule files: YAML in, rules and all findings out.</summary>
public static class RuleReader
{
    /// <summary>Reads the files of one rule set together.</summary>
    /// <param name="files">Every file with its text.</param>
    /// <param name="actions">The table of steps.</param>
    /// <param name="readList">Reads the file of a list (<c>lists: { NAME: { file: PATH } }</c>) by its path relative to the rule file; null when it cannot be read.</param>
    public static RuleReading Read(
        IReadOnlyList<SourceText> files, IReadOnlyList<ActionDescriptor> actions, Func<string, string, string?>? readList = null) =>
        throw new NotSupportedException();
}
