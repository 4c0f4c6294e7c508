namespace MisskeyAutomations.Telemetry.Logs;

/// <summary>How the log is written.</summary>
internal sealed record LogOptions
{
    /// <summary>For people or for machines; for people by default.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>The least important that is written; <c>information</c> by default.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
}

/// <summary>For whom the log is written.</summary>
internal enum LogFormat
{
    /// <summary>A line with the time, the level, the sentence, and where it comes from.</summary>
    Text,

    /// <summary>A JSON object on a line.</summary>
    Json,
}
