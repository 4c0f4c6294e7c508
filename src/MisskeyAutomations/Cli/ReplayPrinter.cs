using MisskeyAutomations.Engine.Diagnostics;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary>Prints how the past would have gone. Whatever people wrote is printed escaped.</summary>
internal sealed class ReplayPrinter(Translation language)
{
    private const int LongestText = 2_000;

    public void Print(Replay replay, int shown)
    {
        Write(Phrase.Of($"Events put to the rules again: {replay.Happened}"));
        WriteUnless(replay.Gone, $"Left out, because what they said is not kept any more: {replay.Gone}");
        WriteUnless(replay.NotDecided, $"Left out, because no rule was asked then: {replay.NotDecided}");
        WriteUnless(replay.Heard, $"Left out, because a run had waited for it: {replay.Heard}");
        foreach (var rule in replay.Rules.GroupBy(one => one.Rule, StringComparer.Ordinal).OrderBy(rule => rule.Key, StringComparer.Ordinal))
        {
            Print(rule.Key, [.. rule]);
        }

        PrintDeeds([.. replay.Rules.Where(one => one.Needs is null)]);
        var differing = replay.Rules.Where(one => one.Differs).ToList();
        foreach (var one in differing.Take(shown))
        {
            Write(Phrase.Of($"  event {one.Number}  {one.Type}  {one.Who}  {one.Rule}: {(one.Would ? Phrase.Of("would run, did not") : Phrase.Of("would not run, did"))}"));
        }

        WriteUnless(differing.Count - Math.Min(shown, differing.Count), $"  and {differing.Count - shown} more; --all lists them. `simulate NUMBER` shows each.");
        if (replay.EmptyState.Count > 0)
        {
            Write(Phrase.Of($"Taken as not kept at the beginning: {string.Join(", ", replay.EmptyState.Order(StringComparer.Ordinal))}"));
        }

        Write(Phrase.Of("Nothing was sent."));
    }

    private void Print(string name, IReadOnlyList<ReplayedRule> events)
    {
        var known = events.Where(one => one.Needs is null).ToList();
        var (more, fewer) = (known.Count(one => one is { Would: true, Did: false }), known.Count(one => one is { Would: false, Did: true }));
        Write(Phrase.Of($"{name}: would have run {known.Count(one => one.Would)} times, did {known.Count(one => one.Did)} times; {more} more, {fewer} fewer"));
        foreach (var needs in events.Where(one => one.Needs is not null).GroupBy(one => one.Needs!, StringComparer.Ordinal))
        {
            Write(Phrase.Of($"  cannot be known for {needs.Count()} events: it needs {needs.Key}; give it with --lookups"));
        }
    }

    private void PrintDeeds(IReadOnlyList<ReplayedRule> events)
    {
        foreach (var kind in events.SelectMany(one => one.Deeds.Select(deed => (One: one, Deed: deed))).GroupBy(entry => entry.Deed.Kind, StringComparer.Ordinal))
        {
            var more = kind.Sum(entry => Math.Max(0, entry.Deed.Would - entry.Deed.Did));
            var bots = kind.Where(entry => entry.One.IsOfBot).Sum(entry => Math.Max(0, entry.Deed.Would - entry.Deed.Did));
            var fewer = kind.Sum(entry => Math.Max(0, entry.Deed.Did - entry.Deed.Would));
            WriteUnless(more, $"{kind.Key}: {more} more would be sent, {bots} of them because of bots");
            WriteUnless(fewer, $"{kind.Key}: {fewer} fewer would be sent");
        }
    }

    private void WriteUnless(int count, Phrase line)
    {
        if (count > 0)
        {
            Write(line);
        }
    }

    private void Write(Phrase line) => AnsiConsole.WriteLine(Misskey.Words.Escape(line.In(language), LongestText));
}
