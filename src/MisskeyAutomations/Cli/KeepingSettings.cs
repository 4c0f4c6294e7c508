using System.Globalization;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>Reads <c>retention:</c> and <c>backups:</c> of the configuration.</summary>
internal static class KeepingSettings
{
    private const int MostKept = 1_000;

    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static RetentionOptions ReadRetention(IConfiguration configuration)
    {
        var section = configuration.GetSection("retention");
        var defaults = new RetentionOptions();
        var bodies = ReadSpan(section, "bodies");
        var records = ReadSpan(section, "records") ?? defaults.Records;
        if (records < RetentionOptions.ShortestRecords)
        {
            throw new CommandFailure(
                ExitCodes.Configuration, $"retention: records takes at least 7d, not '{section["records"]}': by them the engine knows events that come again.");
        }

        var options = new RetentionOptions { Records = records, Bodies = bodies ?? Shorter(defaults.Bodies, records), PrivateBodies = ReadSpan(section, "private-bodies") };
        return options.Bodies > records || options.PrivateBodies > options.Bodies
            ? throw new CommandFailure(ExitCodes.Configuration, $"retention: bodies cannot be longer than records, and private-bodies not longer than bodies.")
            : options;
    }

    /// <summary>Null where none is to be made by itself.</summary>
    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static BackupOptions? ReadBackups(IConfiguration configuration, string data)
    {
        var section = configuration.GetSection("backups");
        return !section.GetChildren().Any() ? null : new BackupOptions
        {
            Directory = section["directory"] is { Length: > 0 } directory ? directory : BackupOptions.DirectoryIn(data),
            Hour = ReadNumber(section, "hour", 0, 23) ?? BackupOptions.DefaultHour,
            Keep = ReadNumber(section, "keep", 1, MostKept) ?? BackupOptions.DefaultKeep,
        };
    }

    /// <summary>A span as people write it: <c>7d</c>.</summary>
    public static string Write(TimeSpan span) => span.TotalHours % 24 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0}d") : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0}h");

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan? ReadSpan(IConfigurationSection section, string name)
    {
        if (section[name] is not { Length: > 0 } text)
        {
            return null;
        }

        var unit = text[^1] switch { 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), 'w' => TimeSpan.FromDays(7), _ => TimeSpan.Zero };
        return text == "0" ? TimeSpan.Zero
            : unit > TimeSpan.Zero && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000 ? count * unit
            : throw new CommandFailure(ExitCodes.Configuration, $"retention: {name} takes a time such as 12h, 7d or 4w, not '{text}'.");
    }

    private static int? ReadNumber(IConfigurationSection section, string name, int least, int most) => section[name] is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new CommandFailure(ExitCodes.Configuration, $"backups: {name} takes a number from {least} to {most}, not '{text}'.");
}
