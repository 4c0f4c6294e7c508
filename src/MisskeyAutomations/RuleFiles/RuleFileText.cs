using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.RuleFiles;

/// <summary>
/// The text of one file of a rules folder. Whatever lies under its name — a pipe, a device, a link that leads nowhere, a disk image — a
/// finding says so and nothing waits or fills the memory.
/// </summary>
internal static class RuleFileText
{
    // Signs of another encoding would be posted as question marks.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it whole, without its byte-order mark.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out Diagnostic? finding)
    {
        (text, finding) = (null, null);
        try
        {
            var file = Target(path);
            if (file.Length > RuleReader.MaxSetBytes)
            {
                finding = YamlDiagnostics.FileTooLarge.At(new SourceText(path, ""), default, file.Length, RuleReader.MaxFileBytes);
                return false;
            }

            // Nothing that has no size is read: opening a pipe would wait for ever for somebody who writes into it.
            text = file.Length > 0 ? File.ReadAllText(file.FullName, StrictUtf8) : IsPlain(file) ? "" : null;
            finding = text is null ? Unreadable(path, "it is no regular file") : null;
            return text is not null;
        }
        catch (DecoderFallbackException)
        {
            finding = Unreadable(path, "it is not written in UTF-8; save it as UTF-8 in your editor");
            return false;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            finding = Unreadable(path, trouble switch
            {
                UnauthorizedAccessException => "the engine may not read it",
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                _ => Phrase.Of($"{trouble.Message.TrimEnd('.')}"),
            });
            return false;
        }
    }

    private static Diagnostic Unreadable(string path, Phrase why) => YamlDiagnostics.FileUnreadable.At(new SourceText(path, ""), default, why);

    /// <summary>What changes when the file does, also where it is replaced behind a symbolic link.</summary>
    public static string StampOf(string path)
    {
        try
        {
            var file = Target(path);
            return string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return trouble.GetType().Name;
        }
    }

    // The size and time of a link are its own, not those of the file behind it.
    private static FileInfo Target(string path) =>
        new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);

    // Open for reading and writing, a pipe does not wait; a device gives what a file of no size has not. A file that may not be written is
    // taken for an empty one.
    private static bool IsPlain(FileInfo file)
    {
        try
        {
            using var open = file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return open.CanSeek && open.ReadByte() < 0;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }
}
