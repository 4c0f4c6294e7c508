using System.Globalization;
using MisskeyAutomations.Dashboard;

namespace MisskeyAutomations.Cli;

/// <summary>What the settings say, for the pages: by the names under which they are changed, and without anything secret.</summary>
internal static class ShownSettings
{
    public static IReadOnlyList<ShownSetting> Of(EngineSettings settings) =>
    [
        new("rules", settings.Rules),
        new("data", settings.Data),
        new("store", settings.Store is null ? "SQLite" : "PostgreSQL"),
        new("urls", settings.Urls),
        new("public-url", settings.PublicUrl?.ToString() ?? ""),
        new("keys", settings.Keys),
        new("allow-admin", settings.AllowAdmin ? "true" : "false"),
        new("dashboard: urls", settings.Dashboard?.Urls ?? ""),
        new("dashboard: hosts", string.Join(", ", settings.Dashboard?.Hosts ?? [])),
        new("dashboard: proxies", string.Join(", ", settings.Dashboard?.Proxies ?? [])),
        new("retention: bodies", Span(settings.Retention.Bodies)),
        new("retention: private-bodies", Span(settings.Retention.PrivateBodies ?? settings.Retention.Bodies)),
        new("retention: records", Span(settings.Retention.Records)),
    ];

    // As it is written there.
    private static string Span(TimeSpan span) => span == TimeSpan.Zero ? "0"
        : span.Ticks % TimeSpan.TicksPerDay == 0 ? string.Create(CultureInfo.InvariantCulture, $"{span.Days}d")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}h");
}
