using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads names of time zones.</summary>
internal static class TimeZones
{
    /// <summary>The zone; null after having reported that there is none.</summary>
    public static TimeZoneInfo? Read(Reading reading, SourceNode node)
    {
        if (reading.ReadText("timezone", node, "a time zone such as Asia/Tokyo") is not { } text)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(text.Text, out var zone))
        {
            return zone;
        }

        reading.Report(RuleDiagnostics.UnknownTimeZone.At(text, Excerpt.Of(text.Text)) with
        {
            Hint = Reading.DidYouMean(text.Text, TimeZoneInfo.GetSystemTimeZones(skipSorting: true).Select(known => known.Id)) ?? "write it like Asia/Tokyo, Europe/Berlin or UTC",
        });
        return null;
    }
}
