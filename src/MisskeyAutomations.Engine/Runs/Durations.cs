using System.Globalization;
using System.Text;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Durations as people write them: <c>1h30m</c>.</summary>
public static class Durations
{
    /// <summary>The two largest units that are not zero; <c>0s</c> for less than a second.</summary>
    public static string Write(TimeSpan duration)
    {
        var text = new StringBuilder();
        var units = 0;
        Add(duration.Days, "d");
        Add(duration.Hours, "h");
        Add(duration.Minutes, "m");
        Add(duration.Seconds, "s");
        return text.Length == 0 ? "0s" : text.ToString();

        void Add(int count, string unit)
        {
            if (count > 0 && units++ < 2)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }
    }
}
