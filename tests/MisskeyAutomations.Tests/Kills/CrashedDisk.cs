using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>The database's files as a disk may hold them when the power is lost: what was flushed is there, of the rest nobody knows.</summary>
/// <param name="begin">The files at the beginning, by their names.</param>
/// <param name="random">Decides what becomes of what was not flushed.</param>
internal sealed partial class CrashedDisk(IReadOnlyDictionary<string, byte[]> begin, Random random)
{
    private const int Sector = 512;

    private static readonly string Answer = Hex("HTTP/1.1 204");

    private readonly Dictionary<string, (MemoryStream Flushed, List<Change> Since)> _files =
        begin.ToDictionary(file => file.Key, file => (CopyOf(file.Value), new List<Change>()), StringComparer.Ordinal);

    /// <summary>Takes the next call, as strace shows it with <c>-xx -y</c>.</summary>
    /// <returns>Whether it answered a webhook with 204.</returns>
    public bool Take(string call)
    {
        if (call.StartsWith("send", StringComparison.Ordinal))
        {
            return call.Contains(Answer, StringComparison.Ordinal);
        }

        if (Call().Match(call) is { Success: true } match && NameOf(match.Groups["path"].Value) is { } name && _files.TryGetValue(name, out var file))
        {
            switch (match.Groups["call"].Value)
            {
                case "pwrite64":
                    file.Since.Add(new(Number("offset"), Bytes(match.Groups["data"].Value), null));
                    break;
                case "ftruncate":
                    file.Since.Add(new(0, [], Number("length")));
                    break;
                default:
                    file.Since.ForEach(change => change.Make(file.Flushed));
                    file.Since.Clear();
                    break;
            }
        }

        return false;

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the files as they are found after the loss.</summary>
    /// <returns>How many writes are not there, or not whole.</returns>
    public int Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var (mode, dropped) = (random.Next(4), 0);
        foreach (var (name, (flushed, since)) in _files)
        {
            foreach (var change in since)
            {
                var survives = mode switch { 0 => false, 1 => true, _ => random.Next(2) == 0 };
                var kept = survives ? mode == 3 && change.Length is null ? Torn(change) : new List<Change> { change } : [];
                dropped += kept is [var whole] && whole == change ? 0 : 1;
                kept.ForEach(one => one.Make(flushed));
            }

            File.WriteAllBytes(Path.Combine(directory, name), flushed.ToArray());
        }

        return dropped;
    }

    private static MemoryStream CopyOf(byte[] bytes)
    {
        var copy = new MemoryStream();
        copy.Write(bytes);
        return copy;
    }

    // Sectors are written whole or not at all, in any order.
    private List<Change> Torn(Change change)
    {
        var pieces = new List<Change>();
        for (var at = 0; at < change.Data.Length; at += Sector - ((change.Offset + at) % Sector))
        {
            var length = Math.Min(Sector - ((change.Offset + at) % Sector), change.Data.Length - at);
            if (random.Next(2) == 0)
            {
                pieces.Add(new(change.Offset + at, change.Data[at..(at + length)], null));
            }
        }

        return pieces;
    }

    // Only the database's own files; the file of shared memory is made anew.
    private static string? NameOf(string path) => Path.GetFileName(path.StartsWith('\\') ? Encoding.UTF8.GetString(Bytes(path)) : path);

    private static byte[] Bytes(string escaped) => Convert.FromHexString(escaped.Replace("\\x", "", StringComparison.Ordinal));

    private static string Hex(string text) => string.Concat(Encoding.ASCII.GetBytes(text).Select(letter => $"\\x{letter:x2}"));

    [GeneratedRegex("""^(?<call>pwrite64|fsync|fdatasync|ftruncate)\(\d+<(?<path>[^>]*)>(, "(?<data>[^"]*)", \d+, (?<offset>\d+)|, (?<length>\d+))?""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Call();

    private sealed record Change(int Offset, byte[] Data, int? Length)
    {
        public void Make(MemoryStream file)
        {
            if (Length is { } length)
            {
                file.SetLength(length);
                return;
            }

            file.Position = Offset;
            file.Write(Data);
        }
    }
}
