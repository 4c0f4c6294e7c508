using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.RuleFiles;

/// <summary>A folder of rule files, or one file: every <c>*.yaml</c> and <c>*.yml</c> below it is read as one rule set.</summary>
internal sealed class RuleFolder(string path, IReadOnlyList<ActionDescriptor> actions, IReadOnlyList<string>? accounts = null)
{
    // What else was read, with its stamp just before.
    private SortedDictionary<string, string> _others = new(StringComparer.Ordinal);
    private string? _rules;

    /// <summary>As the user named it.</summary>
    public string Path { get; } = path;

    /// <summary>Whether there is anything to read.</summary>
    public bool Exists => Directory.Exists(Path) || File.Exists(Path);

    /// <summary>
    /// <see cref="Fingerprint"/> as it was just before each file was read last: whatever differs from it was not read. Null before the
    /// first <see cref="Read"/>. Files that tests name count from when they are read.
    /// </summary>
    public string? LastRead => _rules is null ? null : _rules + Told(_others);

    /// <summary>The rule files in a stable order.</summary>
    public IReadOnlyList<string> List() => File.Exists(Path)
        ? [Path]
        : [.. FolderWalk.FilesBelow(Path).Where(IsRuleFile).Order(StringComparer.Ordinal)];

    /// <summary>The same folder for somebody else: what is read there does not count as <see cref="LastRead"/> here.</summary>
    public RuleFolder Again() => new(Path, actions, accounts);

    /// <summary>Reads the whole set. What cannot be read of it is among the findings.</summary>
    /// <param name="further">A text that is not in the folder yet: read in place of the file of its path, or as the last one where there is none; null for none.</param>
    /// <exception cref="IOException">The folder itself could not be read; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public RuleReading Read(SourceText? further = null)
    {
        _rules = Told(Stamps(List()));
        var others = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var texts = new List<SourceText>();
        var unreadable = new List<Diagnostic>();
        foreach (var file in List())
        {
            if (file == further?.Path)
            {
                texts.Add(further);
            }
            else if (RuleFileText.TryRead(file, out var text, out var finding))
            {
                texts.Add(new SourceText(file, text));
            }
            else
            {
                unreadable.Add(finding);
            }
        }

        if (further is not null && !texts.Contains(further))
        {
            texts.Add(further);
        }

        var reading = RuleReader.Read(texts, actions, (ruleFile, file) => ReadOther(ruleFile, file, others), accounts);
        _others = others;
        return unreadable.Count == 0 ? reading : reading with { RuleSet = null, Diagnostics = [.. unreadable, .. reading.Diagnostics] };
    }

    /// <summary>What changes when any file does that belongs to the set: names, sizes and times of change.</summary>
    public string Fingerprint() => Told(Stamps(List())) + Told(Stamps(_others.Keys));

    private static IEnumerable<KeyValuePair<string, string>> Stamps(IEnumerable<string> files) =>
        files.Select(file => KeyValuePair.Create(file, RuleFileText.StampOf(file)));

    private static string Told(IEnumerable<KeyValuePair<string, string>> stamps) => string.Concat(stamps.Select(stamp => $"{stamp.Key}\0{stamp.Value}\n"));

    // A list, or what a test names.
    private static string? ReadOther(string ruleFile, string file, SortedDictionary<string, string> others)
    {
        var whole = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ruleFile) ?? "", file);
        others[whole] = RuleFileText.StampOf(whole);
        return File.Exists(whole) && RuleFileText.TryRead(whole, out var text, out _) ? text : null;
    }

    private static bool IsRuleFile(string file) =>
        System.IO.Path.GetExtension(file) is ".yaml" or ".yml";
}
