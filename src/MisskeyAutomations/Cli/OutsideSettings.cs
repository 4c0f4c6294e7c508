using System.Globalization;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.Cli;

/// <summary>Reads <c>http:</c> of the configuration.</summary>
internal static class OutsideSettings
{
    private const int MiB = 1024 * 1024;
    private const int LargestUpload = 1024;

    /// <exception cref="CommandFailure">A value is wrong; the message says what to write.</exception>
    public static OutsideOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("http");
        var options = new OutsideOptions { Allow = ReadAllow(section.GetSection("allow")) };
        return section["max-upload"] is { Length: > 0 } size ? options with { MaxUploadBytes = ReadSize(size) * MiB } : options;
    }

    private static List<AllowedTarget> ReadAllow(IConfigurationSection section)
    {
        // One text, several parted by commas, or a list.
        var texts = section.Value is { } one ? one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : section.GetChildren().Select(child => child.Value ?? "");
        return [.. texts.Select(text => AllowedTarget.Parse(text) ?? throw new CommandFailure(ExitCodes.Configuration,
            $"'{text}' under http: allow: is no machine. Write 192.168.1.10, 10.1.0.0/16 or hooks.example.internal, with :PORT for one port alone."))];
    }

    private static int ReadSize(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= LargestUpload ? size
        : throw new CommandFailure(ExitCodes.Configuration, $"http: max-upload takes a number of MiB from 1 to {LargestUpload}, not '{text}'.");
}
