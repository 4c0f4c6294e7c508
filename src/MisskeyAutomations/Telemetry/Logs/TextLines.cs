using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MisskeyAutomations.Telemetry.Logs;

/// <summary>The log for people: one line for each event, in colour on a terminal.</summary>
internal sealed class TextLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lines";

    private const string Plain = "\e[39m";

    private readonly bool _isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder();
        line.Append(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z' ", CultureInfo.InvariantCulture));
        var (word, colour) = LevelOf(logEntry.LogLevel);
        line.Append(_isColoured ? colour : "").Append(word).Append(_isColoured ? Plain : "").Append(": ");
        LogText.Append(line, logEntry.Category, isJson: false);
        line.Append('[').Append(logEntry.EventId.Id).Append("] ");
        LogText.Append(line, logEntry.Formatter(logEntry.State, logEntry.Exception), isJson: false);
        for (var cause = logEntry.Exception; cause is not null; cause = cause.InnerException)
        {
            line.Append(" | ").Append(cause.GetType().FullName).Append(": ");
            LogText.Append(line, cause.Message.ReplaceLineEndings(" "), isJson: false);
        }

        if (logEntry.Exception?.StackTrace is { } stack)
        {
            line.Append(" | ");
            LogText.Append(line, string.Join(' ', stack.Split('\n', StringSplitOptions.TrimEntries)), isJson: false, LogText.MostBytesOfStack);
        }

        textWriter.Write(line.Append('\n'));
    }

    private static (string Word, string Colour) LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => ("trce", "\e[90m"),
        LogLevel.Debug => ("dbug", "\e[90m"),
        LogLevel.Information => ("info", "\e[32m"),
        LogLevel.Warning => ("warn", "\e[33m"),
        LogLevel.Error => ("fail", "\e[31m"),
        _ => ("crit", "\e[91m"),
    };
}
