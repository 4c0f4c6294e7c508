using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads moments: a time of day such as <c>08:00</c>, or ISO 8601.</summary>
internal static partial class Moments
{
    private static readonly string[] IsoForms =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Whether a text is one.</summary>
    public static bool IsOne(string text) => TimeOfDay(text) is not null || TryReadIso(text, out _);

    /// <summary>Whether the moment that a text means is another one in another zone: it names no offset.</summary>
    public static bool HangsOnZone(string text) => !TryReadIso(text, out var iso) || iso.Kind == DateTimeKind.Unspecified;

    /// <summary>
    /// The moment that a text means; null when it means none. A time of day is the next such time after <paramref name="now"/> by the
    /// clocks of the zone: one that a change of the clocks leaves out is the moment of the change, one that comes twice is its first.
    /// ISO 8601 without an offset is in the zone as well.
    /// </summary>
    public static DateTimeOffset? Find(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (TimeOfDay(text) is { } time)
        {
            return Next(time, now, zone);
        }

        return !TryReadIso(text, out var iso) ? null
            : iso.Kind == DateTimeKind.Unspecified ? InZone(iso, zone) : new DateTimeOffset(iso.ToUniversalTime(), TimeSpan.Zero);
    }

    private static DateTimeOffset Next(TimeSpan time, DateTimeOffset now, TimeZoneInfo zone)
    {
        // Yesterday too: where the clocks leave an hour out at midnight, its moment may lie on the day before or after.
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        return Enumerable.Range(-1, 5).Select(days => InZone(today.AddDays(days) + time, zone)).First(moment => moment > now);
    }

    private static DateTimeOffset InZone(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            // The last minute that the clocks show before they jump, and one more.
            var before = local;
            while (zone.IsInvalidTime(before))
            {
                before = before.AddMinutes(-1);
            }

            return new DateTimeOffset(before, zone.GetUtcOffset(before)).AddMinutes(1).ToUniversalTime();
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static TimeSpan? TimeOfDay(string text) => Clock().Match(text) is { Success: true } match
        ? new TimeSpan(int.Parse(match.Groups["hour"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["minute"].ValueSpan, CultureInfo.InvariantCulture), 0)
        : null;

    private static bool TryReadIso(string text, out DateTime time) =>
        DateTime.TryParseExact(text, IsoForms, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out time);

    [GeneratedRegex("^(?<hour>[01]?[0-9]|2[0-3]):(?<minute>[0-5][0-9])$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Clock();
}
