using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MisskeyAutomations.Engine.Tests;

/// <summary>
/// How long the work of a thread took of the processor: what others take of a busy machine does not count. By the clock on the wall where
/// the system does not tell.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadOnLinux = 3;

    /// <summary>Does the work, all of it on this thread.</summary>
    public static TimeSpan Time(Action work)
    {
        var begin = Now();
        work();
        return Now() - begin;
    }

    private static TimeSpan Now() => OperatingSystem.IsLinux() && GetTime(ThreadOnLinux, out var now) == 0
        ? TimeSpan.FromSeconds((long)now.Seconds) + TimeSpan.FromMicroseconds((long)now.Nanoseconds / 1_000)
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
