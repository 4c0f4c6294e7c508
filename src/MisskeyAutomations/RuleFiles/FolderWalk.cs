namespace MisskeyAutomations.RuleFiles;

/// <summary>Finds the files of a folder and of those below it, through symbolic links too, and each folder once: links may lead in circles.</summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions OneLevel = new() { AttributesToSkip = FileAttributes.Hidden };

    /// <summary>All files that are not hidden.</summary>
    public static IEnumerable<string> FilesBelow(string folder)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { RealPathOf(folder) };
        var folders = new Stack<string>([folder]);
        while (folders.TryPop(out var current))
        {
            foreach (var file in Directory.EnumerateFiles(current, "*", OneLevel))
            {
                yield return file;
            }

            foreach (var below in Directory.EnumerateDirectories(current, "*", OneLevel).Where(below => seen.Add(RealPathOf(below))))
            {
                folders.Push(below);
            }
        }
    }

    // Every folder on the way may be a link.
    private static string RealPathOf(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.GetDirectoryName(full) is not { } above)
        {
            return full;
        }

        return Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target
            ? RealPathOf(target.FullName) : Path.Combine(RealPathOf(above), Path.GetFileName(full));
    }
}
