using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Health;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Events in a few words.</summary>
internal static class EventWords
{
    private const int LongestName = 80;
    private const int LongestText = 140;
    private const int RefusedShown = 3;

    /// <summary>The other party as people write it; null when there is none.</summary>
    public static string? WhoOf(RecordedEvent recorded) =>
        (recorded.Happening?.User ?? recorded.Happening?.Note?.FindObject("user"))?.Acct() is { } name ? Misskey.Words.OneLine($"@{name}", LongestName) : null;

    /// <summary>The beginning of what was written; null when nothing was.</summary>
    public static string? TextOf(RecordedEvent recorded) =>
        recorded.Happening?.Note?.GetText("text") is { Length: > 0 } text ? Misskey.Words.OneLine(text, LongestText) : null;

    /// <summary>What became of an event that made no run.</summary>
    public static Phrase OutcomeOf(RecordedEvent recorded)
    {
        if (recorded.IsUnreadable)
        {
            return Phrase.Of("what the rules said of it cannot be read: the store was damaged, or changed by another program");
        }

        if (recorded.Verdicts.Count == 0)
        {
            return WhyWords.Of(recorded.State, recorded.Note);
        }

        var named = string.Join(", ", recorded.Verdicts.Take(RefusedShown).Select(verdict => $"{verdict.Rule} ({verdict.Gate})"));
        return recorded.Verdicts.Count > RefusedShown
            ? Phrase.Of($"does not run: {Phrase.Of($"{named} and {recorded.Verdicts.Count - RefusedShown} more")}")
            : Phrase.Of($"does not run: {named}");
    }
}
