using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Storage.Postgres;

/// <summary>The number and the checksum of rows, in whatever order they are added.</summary>
internal sealed class RowSum : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[9];
    private UInt128 _sum;

    /// <summary>How many rows were added.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the same rows were added to another.</summary>
    public bool IsSameAs(RowSum other) => (Count, _sum) == (other.Count, other._sum);

    /// <summary>Adds a row of numbers, texts, bytes and nulls.</summary>
    public void Add(ReadOnlySpan<object?> row)
    {
        foreach (var value in row)
        {
            Append(value);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        _sum += BinaryPrimitives.ReadUInt128LittleEndian(digest);
        Count++;
    }

    public void Dispose() => _hash.Dispose();

    // The kind and the length stand before each value, so that neighbours cannot be taken for one another.
    private void Append(object? value)
    {
        var (kind, bytes) = value switch
        {
            null => ((byte)0, []),
            byte[] blob => ((byte)2, blob),
            string text => ((byte)3, Encoding.UTF8.GetBytes(text)),
            _ => ((byte)1, (byte[]?)null),
        };
        _head[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(_head.AsSpan(1), bytes?.Length ?? (long)value!);
        _hash.AppendData(_head);
        _hash.AppendData(bytes ?? []);
    }
}
