namespace MisskeyAutomations.Storage;

/// <summary>How event ids are stored where they are packed: a UUID in its usual spelling as 16 bytes, anything else as text. Both read back as they came.</summary>
internal static class EventKey
{
    private const int UuidLength = 36;
    private const int UuidDigits = 32;

    public static Statement BindEventId(this Statement statement, string eventId, bool isPacked)
    {
        Span<byte> bytes = stackalloc byte[16];
        return isPacked && TryPack(eventId, bytes) ? statement.BindBlob(bytes) : statement.Bind(eventId);
    }

    /// <summary>The stored form of an event id, to look for.</summary>
    public static object Of(string eventId, bool isPacked)
    {
        var bytes = new byte[16];
        return isPacked && TryPack(eventId, bytes) ? bytes : eventId;
    }

    /// <summary>The digits with which UUIDs begin that begin so, in lower case; null when none can.</summary>
    public static string? DigitsOf(string beginning)
    {
        var digits = beginning.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length is > 0 and <= UuidDigits && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    /// <summary>The first and the last stored form of the UUIDs that begin with these digits.</summary>
    public static (byte[] First, byte[] Last) RangeOf(string digits) =>
        (Convert.FromHexString(digits.PadRight(UuidDigits, '0')), Convert.FromHexString(digits.PadRight(UuidDigits, 'f')));

    /// <summary>The text of a stored event id.</summary>
    public static string Read(object stored) => stored is byte[] bytes ? new Guid(bytes, bigEndian: true).ToString() : (string)stored;

    // Upper case is not packed, since it would read back in lower case.
    private static bool TryPack(string eventId, Span<byte> bytes) =>
        eventId.Length == UuidLength && !eventId.AsSpan().ContainsAnyInRange('A', 'F')
        && Guid.TryParseExact(eventId, "D", out var uuid) && uuid.TryWriteBytes(bytes, bigEndian: true, out _);
}
