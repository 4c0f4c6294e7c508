using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Checkup;

/// <summary>What is found on this machine itself.</summary>
internal static class MachineFinding
{
    private const long Little = 1024L * 1024 * 1024;
    private const long TooLittle = 100L * 1024 * 1024;

    /// <summary>Whether the rules can be used.</summary>
    /// <param name="rules">The rules; null when they have errors.</param>
    /// <param name="path">Where they are.</param>
    public static Finding OfRules(RuleSet? rules, string path) => rules is not null
        ? Finding.Good("rules", $"{Counts.Rules(rules.Rules.Count)} from {path} can be used.")
        : Finding.Bad("rules", $"The rules in {path} have errors. `validate` shows where.");

    /// <summary>How much room there is where the data lies, or will.</summary>
    public static Finding OfDisk(string data)
    {
        var folder = Path.GetFullPath(data);
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free < TooLittle ? Finding.Bad("disk", $"{free / 1024 / 1024} MiB are free where {data} lies: soon nothing can be stored. Make room.")
            : free < Little ? Finding.Doubtful("disk", $"{free / 1024 / 1024} MiB are free where {data} lies. Make room.")
            : Finding.Good("disk", $"{free / 1024 / 1024 / 1024} GiB are free where {data} lies.");
    }
}
