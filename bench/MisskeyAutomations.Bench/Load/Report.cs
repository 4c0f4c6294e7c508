using System.Diagnostics;
using System.Globalization;

namespace MisskeyAutomations.Bench.Load;

/// <summary>What is printed, and what must be known about the machine to read it.</summary>
internal static class Report
{
    public static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The disk's part: the median time of one page written and flushed.</summary>
    public static double FsyncMilliseconds(string directory)
    {
        const int Times = 200;
        using var file = File.OpenHandle(Path.Combine(directory, "fsync"), FileMode.Create, FileAccess.Write, preallocationSize: Times * 8_192);
        var page = new byte[8_192];
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            RandomAccess.Write(file, page, i * page.Length);
            var started = Stopwatch.GetTimestamp();
            RandomAccess.FlushToDisk(file);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times.Order().ElementAt(Times / 2);
    }

    /// <summary>The middle one of figures.</summary>
    public static double Median(IEnumerable<double> figures) => figures.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    /// <summary>How busy the machine is with other things.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
