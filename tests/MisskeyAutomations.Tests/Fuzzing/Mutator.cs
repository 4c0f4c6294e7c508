using System.Text;

namespace MisskeyAutomations.Tests.Fuzzing;

/// <summary>Makes inputs of others, by a seed: bytes are flipped, cut, doubled, put in; pieces of two inputs change places.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int Longest = 4_096;

    private static readonly byte[][] Pieces =
    [
        .. ((string[])["\0", "\n", "\r\n", "\t", " ", "\"", "'", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", "${", "}", "(", ")", ",", ":", "- ", "? ", "&a ", "*a", "!!", "|\n", "/", "/*", "#", "@", "$[", "-", "0", "-1", "1e400",
            "9999999999999999999", "null", "true", "and ", "or ", "not ", "in ", "if(", "matches(", "\u200B", "\u202E", "\uFEFF", "😀", "é", "あ", "%", ".", "..", "::", "0x", "\u2028"]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = new List<byte>(seeds[_random.Next(seeds.Count)]);
        for (var change = _random.Next(1, 6); change > 0; change--)
        {
            Change(bytes);
        }

        return bytes.Count > Longest ? [.. bytes[..Longest]] : [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, _random.Next(1, 32));
        switch (_random.Next(7))
        {
            case 0:
                bytes.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                break;
            case 1 when length > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2 when length > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Repeat(bytes.GetRange(at, length), _random.Next(1, 20)).SelectMany(piece => piece).ToArray());
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                var other = seeds[_random.Next(seeds.Count)];
                var from = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + _random.Next(1, 64))]);
                break;
        }
    }
}
