using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace MisskeyAutomations.Webhooks;

/// <summary>
/// The keys of the objects that are open while a body is read, to find a key that occurs twice in one object. Keys are kept as 64-bit
/// hashes under a secret of this process: that two different ones meet by chance has odds of less than one in ten thousand million for
/// the largest body, and nobody outside can make them meet.
/// </summary>
internal ref struct KeySets
{
    // Up to here every new key is compared with the others, four at a time; larger objects are sorted once, at their end.
    private const int FewKeys = 64;
    private const int LongestUnescaped = 256;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(256);
    private Starts _starts;
    private int _depth;
    private int _count;

    public KeySets()
    {
    }

    /// <summary>An object begins.</summary>
    public void Open() => _starts[_depth++] = _count;

    /// <summary>The property name that the reader stands at. False when the object is known to have it already.</summary>
    public bool Add(ref Utf8JsonReader reader)
    {
        var hash = HashOf(ref reader);
        var siblings = _hashes.AsSpan(_starts[_depth - 1].._count);
        if (siblings.Length <= FewKeys && siblings.Contains(hash))
        {
            return false;
        }

        if (_count == _hashes.Length)
        {
            Grow();
        }

        _hashes[_count++] = hash;
        return true;
    }

    /// <summary>The innermost object ends. False when it had a key twice.</summary>
    public bool Close()
    {
        var keys = _hashes.AsSpan(_starts[--_depth].._count);
        _count -= keys.Length;
        return keys.Length <= FewKeys || AllDiffer(keys);
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(_hashes);

    private static bool AllDiffer(Span<ulong> keys)
    {
        keys.Sort();
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] == keys[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(2 * _hashes.Length);
        _hashes.CopyTo(larger, 0);
        ArrayPool<ulong>.Shared.Return(_hashes);
        _hashes = larger;
    }

    private static ulong HashOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Hash(reader.ValueSpan);
        }

        // An unescaped text is never longer. One that cannot be unescaped is compared as it is written.
        var rented = reader.ValueSpan.Length > LongestUnescaped ? ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length) : null;
        try
        {
            var text = rented ?? stackalloc byte[LongestUnescaped];
            return Hash(text[..reader.CopyString(text)]);
        }
        catch (InvalidOperationException)
        {
            return Hash(reader.ValueSpan);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> key)
    {
        const ulong First = 0x9E37_79B9_7F4A_7C15;
        const ulong Second = 0xD6E8_FEB8_6659_FD93;
        var hash = Seed ^ (ulong)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key), First);
            key = key[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var letter in key)
        {
            rest = (rest << 8) | letter;
        }

        return Mix(Mix(hash ^ rest, Second), First ^ Seed);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    [InlineArray(EnvelopeScan.MaxDepth)]
    private struct Starts
    {
        private int _first;
    }
}
