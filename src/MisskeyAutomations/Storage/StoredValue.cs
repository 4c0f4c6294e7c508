using System.Text.Json;

namespace MisskeyAutomations.Storage;

/// <summary>
/// What people ask for is read with suspicion: a row that no engine can have written, as damage or another program's hand leaves it, ends in a
/// sentence that names it.
/// </summary>
internal static class StoredValue
{
    /// <summary>Makes something of a row.</summary>
    /// <param name="row">What people know it by.</param>
    /// <param name="read">Makes it.</param>
    /// <exception cref="IOException">The row makes no sense.</exception>
    public static T Read<T>(string row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException or InvalidOperationException or ArgumentException
            or IndexOutOfRangeException or InvalidCastException or FormatException or OverflowException)
        {
            throw new IOException($"The record of {row} in the store makes no sense ({wrong.Message.TrimEnd('.')}). It was damaged, or changed by another program. "
                + "`backup` looks through all of the store and says what it finds.", wrong);
        }
    }

    /// <summary>A state that this version knows.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public static T Known<T>(T state)
        where T : struct, Enum => Enum.IsDefined(state) ? state : throw new InvalidDataException($"{state} is no {typeof(T).Name}");
}
