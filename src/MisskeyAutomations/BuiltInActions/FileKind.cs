using System.Text.RegularExpressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Says what a file is by its first bytes, whatever its server called it.</summary>
internal static partial class FileKind
{
    private const string Unknown = "application/octet-stream";
    private const int LongestName = 100;

    private static readonly (int At, byte[] Sign, string Type, string Extension)[] Signs =
    [
        (0, [0x89, (byte)'P', (byte)'N', (byte)'G'], "image/png", ".png"),
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg", ".jpg"),
        (0, "GIF8"u8.ToArray(), "image/gif", ".gif"),
        (8, "WEBP"u8.ToArray(), "image/webp", ".webp"),
        (4, "ftypavif"u8.ToArray(), "image/avif", ".avif"),
        (4, "ftyp"u8.ToArray(), "video/mp4", ".mp4"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm", ".webm"),
        (0, "OggS"u8.ToArray(), "audio/ogg", ".ogg"),
        (0, "ID3"u8.ToArray(), "audio/mpeg", ".mp3"),
        (0, "fLaC"u8.ToArray(), "audio/flac", ".flac"),
        (0, "%PDF-"u8.ToArray(), "application/pdf", ".pdf"),
    ];

    /// <summary>Its media type.</summary>
    public static string TypeOf(ReadOnlySpan<byte> bytes) => Find(bytes)?.Type ?? Unknown;

    /// <summary>The last part of its address, in signs that every Misskey takes, with the extension of what it is.</summary>
    public static string NameOf(Uri address, ReadOnlySpan<byte> bytes)
    {
        var last = Strange().Replace(Uri.UnescapeDataString(address.Segments[^1]), "_").Trim('.', '_');
        var name = last.Length == 0 ? "file" : last.Length > LongestName ? last[..LongestName] : last;
        return Find(bytes) is { Extension: var extension } && Path.GetExtension(name).Length == 0 ? name + extension : name;
    }

    private static (string Type, string Extension)? Find(ReadOnlySpan<byte> bytes)
    {
        foreach (var (at, sign, type, extension) in Signs)
        {
            if (bytes.Length >= at + sign.Length && bytes.Slice(at, sign.Length).SequenceEqual(sign))
            {
                return (type, extension);
            }
        }

        return null;
    }

    [GeneratedRegex(@"[^\p{L}\p{N}._-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Strange();
}
