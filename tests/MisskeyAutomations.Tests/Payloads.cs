using System.Text.Json;

namespace MisskeyAutomations.Tests;

/// <summary>Webhook requests as real servers sent them.</summary>
internal static class Payloads
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The exact body.</summary>
    public static string Body(string name)
    {
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")));
        return recorded.RootElement.GetProperty("bodyText").GetString()!;
    }

    /// <summary>The request's headers, without those that the client sets itself.</summary>
    public static IReadOnlyDictionary<string, string> Headers(string name)
    {
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")));
        return recorded.RootElement.GetProperty("headers").EnumerateObject()
            .Where(header => header.Name.StartsWith("x-misskey", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
    }
}
