using System.Globalization;

namespace MisskeyAutomations.Cli;

/// <summary>Times as commands tell them: by the clock of whoever asks.</summary>
internal static class LocalTime
{
    /// <summary>Such as <c>2026-11-24 14:35:52</c>.</summary>
    public static string Of(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2026-11-24 14:35:52 +09:00</c>.</summary>
    public static string WithZone(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
