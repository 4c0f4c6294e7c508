using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MisskeyAutomations.Telemetry.Logs;

/// <summary>
/// The log for machines: a JSON object on a line for each event, with <c>timestamp level event name category message fields exception traceId</c>;
/// the last three where there are any.
/// </summary>
internal sealed class JsonLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder("{");
        Add(line, "timestamp", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Add(line, "level", logEntry.LogLevel.ToString().ToLowerInvariant());
        Key(line, "event").Append(logEntry.EventId.Id);
        Add(line, "name", logEntry.EventId.Name ?? "");
        Add(line, "category", logEntry.Category);
        Add(line, "message", logEntry.Formatter(logEntry.State, logEntry.Exception));
        AddFields(line, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
        AddException(line, logEntry.Exception);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
        {
            Add(line, "traceId", span.TraceId.ToHexString());
        }

        textWriter.Write(line.Append("}\n"));
    }

    private static void AddFields(StringBuilder line, IReadOnlyList<KeyValuePair<string, object?>> state)
    {
        var fields = state.Where(field => field.Key != Template).DistinctBy(field => field.Key, StringComparer.Ordinal).ToList();
        if (fields.Count == 0)
        {
            return;
        }

        Key(line, "fields").Append('{');
        foreach (var (name, value) in fields)
        {
            Key(line, name);
            AddValue(line, value);
        }

        line.Append('}');
    }

    private static void AddValue(StringBuilder line, object? value)
    {
        switch (value)
        {
            case null:
                line.Append("null");
                break;
            case bool truth:
                line.Append(truth ? "true" : "false");
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                line.Append(((IFormattable)value).ToString(format: null, CultureInfo.InvariantCulture));
                break;
            default:
                Quote(line, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static void AddException(StringBuilder line, Exception? exception)
    {
        if (exception is null)
        {
            return;
        }

        Key(line, "exception").Append('{');
        Add(line, "type", exception.GetType().FullName ?? "");
        Add(line, "message", exception.Message);
        if (exception.StackTrace is { } stack)
        {
            Key(line, "stack");
            Quote(line, stack, LogText.MostBytesOfStack);
        }

        AddException(line, exception.InnerException);
        line.Append('}');
    }

    private static void Add(StringBuilder line, string name, string value)
    {
        Key(line, name);
        Quote(line, value);
    }

    private static StringBuilder Key(StringBuilder line, string name)
    {
        if (line[^1] != '{')
        {
            line.Append(',');
        }

        Quote(line, name);
        return line.Append(':');
    }

    private static void Quote(StringBuilder line, string text, int most = LogText.MostBytes)
    {
        line.Append('"');
        LogText.Append(line, text, isJson: true, most);
        line.Append('"');
    }
}
