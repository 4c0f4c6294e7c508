using System.Text;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.RuleFiles;

/// <summary>A folder of rule files, or one file: every <c>*.yaml</c> and <c>*.yml</c> below it is read as one rule set.</summary>
internal sealed class RuleFolder(string path, IReadOnlyList<ActionDescriptor> actions)
{
    /// <summary>As the user named it.</summary>
    public string Path { get; } = path;

    /// <summary>Whether there is anything to read.</summary>
    public bool Exists => Directory.Exists(Path) || File.Exists(Path);

    /// <summary>The rule files in a stable order.</summary>
    public IReadOnlyList<string> List() => File.Exists(Path)
        ? [Path]
        : [.. Directory.EnumerateFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden })
            .Where(IsRuleFile)
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads the whole set.</summary>
    /// <exception cref="IOException">A file could not be read; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public RuleReading Read() => RuleReader.Read([.. List().Select(file => new SourceText(file, ReadText(file)))], actions, ReadList);

    /// <summary>What changes when any file does: names, sizes and times of change.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder();
        foreach (var file in List())
        {
            var about = new FileInfo(file);
            text.Append(file).Append('\0').Append(about.Length).Append('\0').Append(about.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return text.ToString();
    }

    // Detects a byte-order mark and drops it.
    private static string ReadText(string file) => File.ReadAllText(file, Encoding.UTF8);

    private static string? ReadList(string ruleFile, string listFile)
    {
        var whole = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ruleFile) ?? "", listFile);
        return File.Exists(whole) ? ReadText(whole) : null;
    }

    private static bool IsRuleFile(string file) =>
        System.IO.Path.GetExtension(file) is ".yaml" or ".yml";
}
