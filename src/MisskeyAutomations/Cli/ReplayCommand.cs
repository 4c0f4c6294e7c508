using System.CommandLine;
using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using Spectre.Console;

namespace MisskeyAutomations.Cli;

/// <summary><c>replay --since 7d</c>: what the rules as they are now would have done about recorded events, beside what was done.</summary>
internal static class ReplayCommand
{
    private const int FirstShown = 20;
    private const int TellEvery = 200;

    public static Command Describe()
    {
        var since = new Option<string>("--since") { Description = "From when on: a date, or so long ago as 7d or 12h", HelpName = "TIME", Required = true };
        var until = new Option<string?>("--until") { Description = "Until when (default: now)", HelpName = "TIME" };
        var rules = CommonOptions.Rules();
        var data = CommonOptions.Data();
        var account = new Option<string?>("--account") { Description = "Events of this account only", HelpName = "NAME" };
        account.CompletionSources.Add(Completions.AccountNames);
        var lookups = new Option<string?>("--lookups") { Description = "A JSON file with what rules look up, by endpoint: { \"users/show\": { … } }", HelpName = "FILE" };
        var all = new Option<bool>("--all") { Description = "List every event that differs, not only the first 20" };
        var lang = Languages.Option();
        var command = new Command("replay", "Show what edited rules would have done about recorded events: nothing is sent") { since, until, rules, data, account, lookups, all, lang };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var known = parsed.GetValue(lookups) is { } file
                ? await SimulatedEvents.ReadObjectAsync(file, cancellationToken) : new Dictionary<string, string>(StringComparer.Ordinal);
            var span = (ReadTime(parsed.GetRequiredValue(since), now), parsed.GetValue(until) is { } end ? ReadTime(end, now) : now);
            var settings = EngineSettings.Read(parsed.GetValue(rules), parsed.GetValue(data), null);
            return await RunAsync(settings, span, parsed.GetValue(account), known, parsed.GetValue(all), Languages.Of(parsed), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        EngineSettings settings, (DateTimeOffset Since, DateTimeOffset Until) span, string? account, IReadOnlyDictionary<string, string> known, bool all,
        Translation language, CancellationToken cancellationToken)
    {
        using var readers = RecordedStore.Open(settings.Data);
        var folder = RuleFolders.Open(settings.Rules, settings.AllowAdmin);
        var reading = folder.Read();
        if (reading.RuleSet is not { } rules)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
            return ExitCodes.Findings;
        }

        var replay = new Replay(rules, span.Since, known, new() { AllowAdmin = settings.AllowAdmin });
        await WithProgressAsync(language, async progress =>
        {
            var past = new PastEvents(readers);
            var (total, done) = (progress is null ? 0 : past.Count(span.Since, span.Until), 0);
            foreach (var one in past.List(span.Since, span.Until).Where(one => account is null || one.Account == account))
            {
                await replay.HappenAsync(one, (its, happening) => rules.Candidates(happening).Any() ? FactsOf(readers, its, happening) : default, cancellationToken);
                if (++done % TellEvery == 0)
                {
                    progress?.Invoke((double)done / total);
                }
            }

            await replay.EndAsync(span.Until, cancellationToken);
        });
        new ReplayPrinter(language).Print(replay, all ? int.MaxValue : FirstShown);
        return ExitCodes.Done;
    }

    private static (bool IsRulesDeed, string? Thread) FactsOf(StoreReaders readers, PastEvent past, Event happening) =>
        (OwnDeed.Of(happening) is { } deed && OwnDeeds.IsOne(readers, deed, past.ReceivedAt), happening.Note is { } note ? Threads.Find(readers, past.Account, note) : null);

    private static Task WithProgressAsync(Translation language, Func<Action<double>?, Task> work) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? work(null)
            : AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
            {
                var task = context.AddTask(Phrase.Of("Replaying").In(language), maxValue: 1);
                await work(share => task.Value = share);
            });

    private static DateTimeOffset ReadTime(string text, DateTimeOffset now) =>
        text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 100_000 && LengthOf(text[^1]) is { } unit ? now - (count * unit)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time
        : throw new CommandFailure(ExitCodes.Usage, $"'{text}' is no time. Write it like 7d, 12h, 2026-12-24 or 2026-12-24T18:00+09:00.");

    private static TimeSpan? LengthOf(char unit) => unit switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
