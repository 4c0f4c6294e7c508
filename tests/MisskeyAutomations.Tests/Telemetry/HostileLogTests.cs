using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Telemetry.Logs;

namespace MisskeyAutomations.Tests.Telemetry;

/// <summary>Whatever somebody calls themselves: an event of the log is one line, and a line of JSON is JSON.</summary>
public sealed class HostileLogTests
{
    private static readonly string[] Hostile =
    [
        "a\nfail: MisskeyAutomations[1] forged", "a\r\nb", "\e[31mred\e[0m\e]0;title\a", "a\u0085b\u2028c\u2029d", "\u202egnp.exe", "\u2066a\u2069\u200b\ufeff", "\0\u0001\u007f\u009b31m",
        "\"},{\"level\":\"critical\"", "{Reason} {0} {{x}}", "\\u0022 \\", "\ud800", "a\udc00b", new string('x', 100_000), new string('界', 5_000), "\U000e0041\U000e007f", "日本語 ✓ 👍",
        "</script>", "", "-_-\t-_-",
    ];

    private static readonly MethodInfo[] Messages =
    [
        .. typeof(ExitCodes).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null),
    ];

    [Fact]
    public void Each_message_with_hostile_values_is_one_line_in_both_formats()
    {
        Assert.InRange(Messages.Length, 60, int.MaxValue);
        foreach (var text in Hostile)
        {
            foreach (var message in Messages)
            {
                var (plain, json) = Write(message, text);

                AssertOneCleanLine(plain);
                AssertOneCleanLine(json);
                AssertEvent(json, message);
            }
        }
    }

    [Fact]
    public void Any_text_at_all_stays_on_its_line()
    {
        Gen.Char.Array[0, 200].Sample(
            characters =>
            {
                var (plain, json) = Write(Messages[characters.Length % Messages.Length], new string(characters));

                AssertOneCleanLine(plain);
                AssertOneCleanLine(json);
                _ = JsonElement.Parse(json);
            },
            iter: 2_000);
    }

    [Fact]
    public void Words_of_people_can_still_be_read()
    {
        var line = new StringBuilder();

        LogText.Append(line, "日本語 ✓ 👍 \"a\\b\" é", isJson: false);

        Assert.Equal("日本語 ✓ 👍 \"a\\b\" é", line.ToString());
    }

    [Fact]
    public void A_value_is_cut_at_two_thousand_bytes_and_never_in_a_character()
    {
        var line = new StringBuilder();

        LogText.Append(line, string.Concat(Enumerable.Repeat("👍", 1_000)), isJson: true);

        Assert.InRange(Encoding.UTF8.GetByteCount(line.ToString()), LogText.MostBytes - 4, LogText.MostBytes);
        Assert.EndsWith("👍…", line.ToString(), StringComparison.Ordinal);
    }

    private static (string Plain, string Json) Write(MethodInfo message, string text)
    {
        var written = new Written();
        var owner = message.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(message.DeclaringType!);
        using var factory = new LoggerFactory([written], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var logger = Activator.CreateInstance(typeof(Logger<>).MakeGenericType(message.DeclaringType!), factory)!;
        if (owner is not null)
        {
            var field = message.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).First(field => typeof(ILogger).IsAssignableFrom(field.FieldType) && field.FieldType.IsInstanceOfType(logger));
            field.SetValue(owner, logger);
        }

        message.Invoke(owner, [.. message.GetParameters().Select(parameter => ValueFor(parameter.ParameterType, text, logger))]);
        return (Assert.Single(written.Plain), Assert.Single(written.Json));
    }

    private static object? ValueFor(Type type, string text, object logger) =>
        type == typeof(string) ? text
        : type == typeof(Exception) ? new InvalidOperationException(text, new IOException(text))
        : type.IsInstanceOfType(logger) ? logger
        : type.IsValueType ? Activator.CreateInstance(type)
        : throw new NotSupportedException($"A log message takes a {type}.");

    private static void AssertOneCleanLine(string line)
    {
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        foreach (var rune in line[..^1].EnumerateRunes())
        {
            Assert.False(
                Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate,
                $"U+{rune.Value:X4} in {line}");
        }

        // All that an event can say is short: nobody fills a disk with one name.
        Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 64 * 1024);
    }

    private static void AssertEvent(string json, MethodInfo message)
    {
        var read = JsonElement.Parse(json);

        Assert.Equal(message.GetCustomAttribute<LoggerMessageAttribute>()!.EventId, read.GetProperty("event").GetInt32());
        Assert.Equal(message.Name, read.GetProperty("name").GetString());
        Assert.Equal(message.DeclaringType!.FullName, read.GetProperty("category").GetString());
        Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse(read.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture).Offset);

        // What is nothing but a sentence from elsewhere is as empty as that.
        var isBorrowed = message.GetCustomAttribute<LoggerMessageAttribute>()!.Message is ['{', .. var name, '}'] && !name.Contains('{', StringComparison.Ordinal);
        Assert.True(isBorrowed || read.GetProperty("message").GetString() is { Length: > 0 }, json);
        Assert.Contains(read.GetProperty("level").GetString(), (string[])["trace", "debug", "information", "warning", "error", "critical"]);
    }

    private sealed class Written : ILoggerProvider, ILogger
    {
        private readonly TextLines _text = new(TimeProvider.System);
        private readonly JsonLines _json = new(TimeProvider.System);
        private string _category = "";

        public List<string> Plain { get; } = [];

        public List<string> Json { get; } = [];

        public ILogger CreateLogger(string categoryName)
        {
            _category = categoryName;
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var entry = new LogEntry<TState>(logLevel, _category, eventId, state, exception, formatter);
            Plain.Add(Told(_text, entry));
            Json.Add(Told(_json, entry));
        }

        public void Dispose()
        {
            // Nothing to give back.
        }

        private static string Told<TState>(ConsoleFormatter lines, LogEntry<TState> entry)
        {
            using var writer = new StringWriter();
            lines.Write(entry, scopeProvider: null, writer);
            return writer.ToString();
        }
    }
}
