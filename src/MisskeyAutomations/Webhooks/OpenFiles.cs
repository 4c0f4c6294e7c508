using System.Globalization;

namespace MisskeyAutomations.Webhooks;

/// <summary>How many connections may be open at a time, where the system lets a process have few files open.</summary>
internal static class OpenFiles
{
    /// <summary>.NET keeps 300 files open by itself, more while it loads what it needs, and ends the process when it finds no more; the store and calls to Misskey need some.</summary>
    private const int KeptForOthers = 600;
    private const int FewestConnections = 16;
    private const int MostConnections = 1_024;

    /// <summary>How many connections fit under the limit of this process.</summary>
    public static int ConnectionsThatFit() => Fit(ReadLimit());

    /// <summary>How many connections fit under a limit; null for none.</summary>
    public static int Fit(int? limit) => Math.Clamp((limit ?? int.MaxValue) - KeptForOthers, FewestConnections, MostConnections);

    // Linux alone tells it in a file.
    private static int? ReadLimit()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal));
            return int.TryParse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out var limit) ? limit : null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
