using System.Runtime.InteropServices;

namespace MisskeyAutomations.Storage;

/// <summary>How long the machine has been up, by a clock of its kernel that nobody puts forward or back.</summary>
internal static class Uptime
{
    // Of Linux; the clock of that number is another one elsewhere, and clocks elsewhere stand still during sleep or are put along with the time of day.
    private const int ClockBoottime = 7;

    /// <summary>The time since its start, its sleep included; null where there is no telling.</summary>
    public static TimeSpan? Read() => OperatingSystem.IsLinux() && GetTime(ClockBoottime, out var up) == 0
        ? TimeSpan.FromSeconds(up.Seconds) + TimeSpan.FromTicks(up.Nanoseconds / TimeSpan.NanosecondsPerTick) : null;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    // Both are as long as a pointer, on 32 bits as well.
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timespec(nint Seconds, nint Nanoseconds);
}
