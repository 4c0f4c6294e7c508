using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>
/// Changes of rule files from the pages. The former text stays beside the file, and so does a draft, which may have errors: their endings keep them from
/// being loaded.
/// </summary>
internal sealed partial class RuleEdits(RuleShelf shelf, ILogger<RuleEdits> logger)
{
    /// <summary>What a draft's name ends with.</summary>
    public const string Draft = ".draft";

    /// <summary>What the name of the former text ends with.</summary>
    public const string Former = ".before";

    // Beside a draft: the digest of the file's text from which it was made.
    private const string MadeFrom = Draft + "-of";

    private readonly Lock _oneAtATime = new();

    /// <summary>The text beside a file with this ending; null when there is none.</summary>
    public static string? ReadBeside(RuleFile file, string ending) =>
        File.Exists(file.Path + ending) && RuleFileText.TryRead(file.Path + ending, out var text, out _) ? text : null;

    /// <summary>The draft beside a file, and the digest of the text from which it was made, if that is known; null when there is no draft.</summary>
    public static (string Text, string? MadeFrom)? FindDraft(RuleFile file) =>
        ReadBeside(file, Draft) is { } text ? (text, ReadBeside(file, MadeFrom)) : null;

    /// <summary>Browsers send line ends of their own; the file keeps those it has.</summary>
    public static string WithLineEndsOf(string text, string former)
    {
        var plain = text.ReplaceLineEndings("\n");
        return former.Contains("\r\n", StringComparison.Ordinal) ? plain.ReplaceLineEndings("\r\n") : plain;
    }

    /// <summary>What keeps the file from being changed here; null when nothing does.</summary>
    public static Phrase? Obstacle(RuleFile file)
    {
        try
        {
            using var open = File.Open(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return NotWritten(trouble);
        }
    }

    /// <summary>The errors that the set would have with this text and has not without it, and all errors of the text itself.</summary>
    public IReadOnlyList<Diagnostic> ErrorsOf(RuleEdit edit)
    {
        var others = ErrorsIn(shelf.Read().Diagnostics).Where(finding => finding.Source.Path != edit.File.Path).Select(PlaceOf).ToHashSet();
        return [.. ErrorsIn(edit.Reading.Diagnostics).Where(finding => finding.Source.Path == edit.File.Path || !others.Contains(PlaceOf(finding)))];
    }

    /// <summary>Puts a text in the place of the file's, and keeps that one beside it.</summary>
    /// <param name="edit">The new text, without errors.</param>
    public Saved Save(RuleEdit edit) => Save(edit.File, edit.Text, edit.Opened, edit.IsDraft ? edit.OpenedDraft : null);

    private Saved Save(RuleFile file, string text, string opened, string? endsDraft)
    {
        lock (_oneAtATime)
        {
            if (!RuleFileText.TryRead(file.Path, out var former, out _) || Digest.Of(former) != opened)
            {
                return Saved.Changed;
            }

            if (former == text)
            {
                return new(null);
            }

            return Try(file, () =>
            {
                RuleFileReplacement.WriteBeside(file.Path, Former, former);
                RuleFileReplacement.Write(file.Path, text);

                // What somebody else made of it meanwhile stays.
                if (endsDraft is not null && endsDraft == DigestOfDraft(file))
                {
                    DeleteDraft(file);
                }

                LogSaved(file.Path, file.Path + Former);
            });
        }
    }

    /// <summary>Switches a rule in its file, whose other characters stay.</summary>
    public Saved Switch(RuleFile file, string name, RuleMode mode)
    {
        var reading = shelf.Read();
        if (reading.RuleSet?.Rules.FirstOrDefault(rule => rule.Name == name && rule.Source.Path == file.Path) is not { } rule)
        {
            return new(Phrase.Of($"There is no rule {name} in {file.Name} that can be read. Look at what was found in the file."));
        }

        var text = rule.Source.Text;
        if (RuleSwitch.Set(text, rule.NameSpan.Start, mode) is not { } switched || !IsJustThat(reading.RuleSet, shelf.Read(new SourceText(file.Path, switched)).RuleSet, name, mode))
        {
            return new(Phrase.Of($"The rule {name} is written in a way in which it cannot be switched here. Write `enabled: {RuleSwitch.WordOf(mode)}` into it by hand."));
        }

        return Save(file, switched, Digest.Of(text), endsDraft: null);
    }

    /// <summary>Keeps a text beside the file; the rules that are in force stay as they are.</summary>
    public Saved Keep(RuleEdit edit)
    {
        lock (_oneAtATime)
        {
            if (DigestOfDraft(edit.File) is { } there && there != edit.OpenedDraft && there != Digest.Of(edit.Text))
            {
                return Saved.Changed;
            }

            return Try(edit.File, () =>
            {
                var path = edit.File.Path;
                RuleFileReplacement.WriteBeside(path, Draft, edit.Text);
                RuleFileReplacement.WriteBeside(path, MadeFrom, edit.Opened);
                LogKept(path + Draft);
            });
        }
    }

    /// <summary>Throws the draft of a file away.</summary>
    public Saved Drop(RuleFile file) => Try(file, () => DeleteDraft(file));

    private static string? DigestOfDraft(RuleFile file) => ReadBeside(file, Draft) is { } draft ? Digest.Of(draft) : null;

    private static void DeleteDraft(RuleFile file)
    {
        File.Delete(file.Path + Draft);
        File.Delete(file.Path + MadeFrom);
    }

    private static bool IsJustThat(RuleSet before, RuleSet? after, string name, RuleMode mode) => after is not null && after.Rules.Count == before.Rules.Count
        && before.Rules.Zip(after.Rules).All(pair => pair.First.Name == pair.Second.Name && (pair.First.Name == name ? pair.Second.Mode == mode : pair.First.Hash == pair.Second.Hash));

    private Saved Try(RuleFile file, Action write)
    {
        try
        {
            write();
            return new(null);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(trouble, file.Path);
            return new(NotWritten(trouble));
        }
    }

    private static Phrase NotWritten(Exception trouble) => Phrase.Of($"The file cannot be written here: {trouble.Message} Change it where it comes from, or let the engine's user write it and its folder.");

    private static IEnumerable<Diagnostic> ErrorsIn(IEnumerable<Diagnostic> findings) => findings.Where(finding => finding.Severity == Severity.Error);

    private static (string, TextSpan, string) PlaceOf(Diagnostic finding) => (finding.Source.Path, finding.Span, finding.Message);

    [LoggerMessage(2510, LogLevel.Information, "The rule file {Path} was changed on the dashboard; its former text is in {Former}")]
    private partial void LogSaved(string path, string former);

    [LoggerMessage(2511, LogLevel.Information, "A draft was kept in {Path}; it is not loaded")]
    private partial void LogKept(string path);

    [LoggerMessage(2512, LogLevel.Warning, "The rule file {Path} could not be changed from the dashboard")]
    private partial void LogNotSaved(Exception trouble, string path);
}

/// <summary>What became of a change.</summary>
/// <param name="Trouble">Why it was not written; null when it was.</param>
internal sealed record Saved(Phrase? Trouble)
{
    /// <summary>The file, or the draft, is not the one any more that was opened.</summary>
    public static readonly Saved Changed = new((Phrase?)null) { IsStale = true };

    /// <summary>Whether somebody else changed it meanwhile; nothing was written then.</summary>
    public bool IsStale { get; private init; }
}
