namespace MisskeyAutomations.Storage;

/// <summary>The backups that the engine makes by itself, one a day.</summary>
internal sealed record BackupOptions
{
    /// <summary>When a day's backup is made unless told otherwise: 4 o'clock.</summary>
    public const int DefaultHour = 4;

    /// <summary>How many are kept unless told otherwise.</summary>
    public const int DefaultKeep = 7;

    /// <summary>Where they go.</summary>
    public required string Directory { get; init; }

    /// <summary>At which hour of the day, by the machine's clock.</summary>
    public int Hour { get; init; } = DefaultHour;

    /// <summary>How many are kept: older ones are deleted when a newer one is there.</summary>
    public int Keep { get; init; } = DefaultKeep;

    /// <summary>Where they go unless told otherwise.</summary>
    public static string DirectoryIn(string data) => Path.Combine(data, "backups");
}
