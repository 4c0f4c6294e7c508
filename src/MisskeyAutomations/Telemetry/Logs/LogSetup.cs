using Microsoft.Extensions.Logging.Console;

namespace MisskeyAutomations.Telemetry.Logs;

/// <summary>Registers the folder.</summary>
internal static class LogSetup
{
    /// <summary>The log on the standard output. Of libraries only what is amiss is told.</summary>
    public static void AddLog(this ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.AddConsole(console => console.FormatterName = options.Format == LogFormat.Json ? JsonLines.FormatterName : TextLines.FormatterName);
        logging.AddConsoleFormatter<TextLines, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        var libraries = options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning;
        logging.SetMinimumLevel(options.Level)
            .AddFilter("Microsoft", libraries).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter("System", libraries).AddFilter("Quartz", libraries).AddFilter("Polly", LogLevel.None);
    }
}
