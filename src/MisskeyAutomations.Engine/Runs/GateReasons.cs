using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>The sentences of the gates that need no condition: what was so, and which key of the rule would change it.</summary>
internal static class GateReasons
{
    private const int LongestName = 64;

    public const string Enabled = "the rule says `enabled: false`";

    public const string Test = "a dummy of Misskey's test button is recorded and never acted on";

    /// <summary>Why the account may not act on the event.</summary>
    public static string NotForMe(Event happening) => happening.Standing == EventStanding.Hidden
        ? "the server withheld the note's text"
        : $"the note's visibility is {happening.Visibility}, and this account is not among its recipients";

    /// <summary>Who of ours did it.</summary>
    public static string Self(Event happening, PlanningFacts facts) => facts.IsRulesDeed
        ? $"a rule of this engine did it as {Who(happening)}; `include: self` takes it"
        : $"{Who(happening)} is one of this engine's accounts; `include: self` takes it";

    /// <summary>Which bot did it.</summary>
    public static string Bots(Event happening) => $"{Who(happening)} is a bot; `include: bots` takes it";

    /// <summary>Who is muted.</summary>
    public static string Muted(Event happening) => $"the account muted or blocked {Who(happening)}; `include: muted` takes it";

    /// <summary>Which runs are in the way of one that must not overlap them.</summary>
    public static string Unfinished(IReadOnlyList<long> runIds, OverlapClaim overlap) =>
        $"{Runs(runIds)} of this rule {(runIds.Count == 1 ? "is" : "are")} unfinished (overlap: {overlap.Text})";

    /// <summary>For which delivery a rule on several places has run already.</summary>
    public static string RanForNote(long delivery) =>
        string.Create(CultureInfo.InvariantCulture, $"delivery {delivery} told of the same note, and started this rule on it: it runs once for a note");

    /// <summary>Which runs a new one stops.</summary>
    public static string TakesPlaceOf(IReadOnlyList<long> runIds) => $"it takes the place of {Runs(runIds)} (overlap: restart)";

    /// <summary>By which run one was stopped.</summary>
    public static string ReplacedBy(long runId) => string.Create(CultureInfo.InvariantCulture, $"run {runId} of a newer event took its place (overlap: restart)");

    /// <summary>What fills a limit, and when there is a place again.</summary>
    /// <param name="claim">The claim that finds no place.</param>
    /// <param name="latest">The place so many places back, 1 being the latest; null when there are not so many.</param>
    /// <param name="freeAt">When there is a place; <see cref="DateTimeOffset.MaxValue"/> for never.</param>
    public static string Full(LimitClaim claim, Func<int, TakenPlace?> latest, DateTimeOffset freeAt)
    {
        var whose = claim.Key == "account" ? "" : $" for {claim.Key}";
        var all = claim.Max == 1 ? $"the one place{whose} is taken" : $"all {claim.Max} places{whose} are taken";
        var holders = (latest(claim.Max), latest(1)) switch
        {
            ({ } first, { } last) when first != last => $" by {Moment(first, claim)} {(claim.Max == 2 ? "and" : "to")} {Moment(last, claim)}",
            (_, { } only) => $" by {Moment(only, claim)}",
            _ => "",
        };
        var next = freeAt == DateTimeOffset.MaxValue ? "none gets free again" : $"the next is free at {Moment(freeAt, claim)}";
        return $"{claim.Text}: {all}{holders}; {next}";
    }

    private static string Moment(TakenPlace place, LimitClaim claim) =>
        string.Create(CultureInfo.InvariantCulture, $"run {place.RunId} ({Moment(place.At, claim)})");

    // In the zone in which calendar limits count, and with its offset: it is read in another zone perhaps.
    private static string Moment(DateTimeOffset at, LimitClaim claim) =>
        TimeZoneInfo.ConvertTime(at, claim.Zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Runs(IReadOnlyList<long> ids) => ids.Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"run {ids[0]}")
        : string.Create(CultureInfo.InvariantCulture, $"run {ids[0]} and {ids.Count - 1} more");

    // Names are what strangers made of them: bounded, and without what commands a terminal or turns a line around.
    private static string Who(Event happening)
    {
        var person = happening.User ?? happening.Note?.FindObject("user");
        if (Readable(person?.GetText("username")) is not { } name)
        {
            return happening.ActorId is null ? "somebody" : "this account";
        }

        return Readable(person?.GetText("host")) is { } host ? $"@{name}@{host}" : $"@{name}";
    }

    private static string? Readable(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var readable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (readable.Length >= LongestName)
            {
                return readable.Append('…').ToString();
            }

            readable.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? Rune.ReplacementChar : rune);
        }

        return readable.ToString();
    }
}
