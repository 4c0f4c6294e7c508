using System.Runtime.InteropServices;

namespace MisskeyAutomations.Storage;

/// <summary>
/// What the databases' libraries take from the C library. The GNU one gives threads arenas of their own, eight for each processor, and each keeps what once
/// was used in it: since any thread of the pool reads from the store, all of them would fill, over hours.
/// </summary>
internal static class NativeMemory
{
    private const int ArenaMax = -8; // M_ARENA_MAX in malloc.h.
    private const int Arenas = 2;

    /// <summary>Lets threads share two arenas. Nothing happens where the C library is another one, or <c>MALLOC_ARENA_MAX</c> says something else.</summary>
    public static void ShareArenas()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is { Length: > 0 })
        {
            return;
        }

        try
        {
            _ = Mallopt(ArenaMax, Arenas);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which has no such arenas.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mallopt(int parameter, int value);
}
