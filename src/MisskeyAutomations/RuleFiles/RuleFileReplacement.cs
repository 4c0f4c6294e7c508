using System.Text;

namespace MisskeyAutomations.RuleFiles;

/// <summary>Puts a new text in the place of a rule file's. Whoever reads it meanwhile sees the old one or the new one, whole.</summary>
internal static class RuleFileReplacement
{
    /// <summary>Replaces the text; encoding, byte-order mark and mode stay. Behind a symbolic link, the file itself is replaced.</summary>
    /// <exception cref="IOException">It could not be written and is as it was; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public static void Write(string path, string text)
    {
        var file = TargetOf(path);
        Put(file, text, like: file);
    }

    /// <summary>Writes a text beside a rule file, under its name with a further ending: such a file is not loaded.</summary>
    /// <exception cref="IOException">It could not be written; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public static void WriteBeside(string path, string ending, string text) => Put(Path.GetFullPath(path) + ending, text, like: TargetOf(path));

    private static string TargetOf(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);

    private static void Put(string target, string text, string like)
    {
        var encoding = EncodingOf(like);
        var draft = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.new");
        try
        {
            using (var file = File.Open(draft, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new StreamWriter(file, encoding))
            {
                writer.Write(text);
                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(draft, File.GetUnixFileMode(like));
            }

            File.Move(draft, target, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // Opened for writing too: a file that is closed to changes could be replaced all the same where its folder is open.
    private static Encoding EncodingOf(string target)
    {
        using var file = File.Open(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true);
        _ = reader.Peek();
        return reader.CurrentEncoding;
    }
}
