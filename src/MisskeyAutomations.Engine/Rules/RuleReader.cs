using System.Text;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads rule files: YAML in, rules and all findings out.</summary>
public static class RuleReader
{
    /// <summary>Bytes (UTF-8) that one file may have.</summary>
    public const int MaxFileBytes = 256 * 1024;

    /// <summary>Bytes (UTF-8) that all files of a set may have together.</summary>
    public const int MaxSetBytes = 5 * 1024 * 1024;

    /// <summary>Reads the files of one rule set together. Never throws for what a file holds; bounded in time by the files' size.</summary>
    /// <param name="files">Every file with its text.</param>
    /// <param name="actions">The table of steps.</param>
    /// <param name="readList">
    /// Reads the file of a list (<c>lists: { NAME: { file: PATH } }</c>) from the path of the rule file and the path written there;
    /// null when it cannot be read.
    /// </param>
    /// <param name="accounts">The names of the accounts that the rules are for; null where they are not known.</param>
    public static RuleReading Read(
        IReadOnlyList<SourceText> files, IReadOnlyList<ActionDescriptor> actions, Func<string, string, string?>? readList = null,
        IReadOnlyList<string>? accounts = null)
    {
        var reading = new Reading(actions) { Accounts = accounts ?? [] };
        var contents = new FileContents(reading, readList ?? ((_, _) => null));
        foreach (var document in ReadDocuments(files, reading))
        {
            contents.Sort(document);
        }

        var defaults = contents.Defaults.Finish();
        reading.TimeZone = defaults.TimeZone;
        reading.Lists = contents.Lists.Values.Keys.ToHashSet(StringComparer.Ordinal);
        var rules = new RuleListReader(reading, contents).Read();
        var set = reading.Diagnostics.HasErrors ? null : new RuleSet(rules, contents.Lists.Values, defaults);
        return new RuleReading(set, reading.Diagnostics.Sorted()) { Tests = contents.Tests, ReadFile = readList };
    }

    private static List<SourceNode> ReadDocuments(IReadOnlyList<SourceText> files, Reading reading)
    {
        var documents = new List<SourceNode>();
        var total = 0L;
        foreach (var file in files)
        {
            var bytes = Encoding.UTF8.GetByteCount(file.Text);
            total += bytes;
            if (bytes > MaxFileBytes)
            {
                reading.Report(YamlDiagnostics.FileTooLarge.At(file, default, bytes, MaxFileBytes) with { Hint = "split it into several files" });
                continue;
            }

            if (total > MaxSetBytes)
            {
                reading.Report(YamlDiagnostics.SetTooLarge.At(file, default, MaxSetBytes));
                break;
            }

            var before = reading.Diagnostics.Items.Count;
            var read = YamlReader.Read(file, reading.Diagnostics);
            if (read.Count == 0 && reading.Diagnostics.Items.Count == before)
            {
                reading.Report(RuleDiagnostics.EmptyFile.At(file, default) with { Hint = "a rule begins with 'rules:' and '- name: …'" });
            }

            documents.AddRange(read);
        }

        return documents;
    }
}
