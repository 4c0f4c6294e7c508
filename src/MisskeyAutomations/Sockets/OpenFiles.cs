using System.Globalization;

namespace MisskeyAutomations.Sockets;

/// <summary>How many connections may be open at a time, where the system lets a process have few files open. The two doors share what is left.</summary>
internal static class OpenFiles
{
    /// <summary>.NET keeps 350 files open by itself, more while it loads what it needs, and ends the process when it finds no more; the store and calls to Misskey need some.</summary>
    private const int KeptForOthers = 600;
    private const int FewestConnections = 16;
    private const int MostConnections = 1_024;

    /// <summary>How many fit under the limit of this process.</summary>
    public static ConnectionShares ThatFit() => Fit(ReadLimit());

    /// <summary>How many fit under a limit; null for none.</summary>
    public static ConnectionShares Fit(int? limit)
    {
        var left = (limit ?? int.MaxValue) - KeptForOthers;
        return new(Bounded(left / 4 * 3), Bounded(left / 4));
    }

    private static int Bounded(int share) => Math.Clamp(share, FewestConnections, MostConnections);

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

/// <summary>How many connections each door may have open.</summary>
/// <param name="Webhooks">That of the webhooks.</param>
/// <param name="Dashboard">That of the dashboard.</param>
internal readonly record struct ConnectionShares(int Webhooks, int Dashboard);
