using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary><c>simulate EVENT</c>: what rules would do about an event, with the trace. Nothing is sent, no server is asked.</summary>
internal static class SimulateCommand
{
    private const string AnyAccount = "main";

    public static Command Describe()
    {
        var name = new Argument<string>("EVENT") { Description = "A file with events as Misskey posts them (JSON, an array or JSON Lines; - for standard input), or a recorded event as `why` names it" };
        var rules = CommonOptions.Rules();
        var data = new Option<string?>("--data") { Description = "The data directory of the engine, for recorded events (default: data)", HelpName = "PATH" };
        var account = new Option<string?>("--account") { Description = "The account that the event comes to", HelpName = "NAME" };
        account.CompletionSources.Add(Completions.AccountNames);
        var at = new Option<string?>("--at") { Description = "When it happens, such as 2026-12-24T18:00+09:00 (default: when it did)", HelpName = "TIME" };
        var lookups = new Option<string?>("--lookups") { Description = "A JSON file with what rules look up, by endpoint: { \"users/show\": { … } }", HelpName = "FILE" };
        var lang = Languages.Option();
        var command = new Command("simulate", "Show what rules would do about an event: nothing is sent") { name, rules, data, account, at, lookups, lang };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var known = parsed.GetValue(lookups) is { } file ? await SimulatedEvents.ReadObjectAsync(file, cancellationToken) : new Dictionary<string, string>(StringComparer.Ordinal);
            var settings = EngineSettings.Read(parsed.GetValue(rules), parsed.GetValue(data), null);
            var events = await FindAsync(parsed.GetRequiredValue(name), settings, parsed.GetValue(account), cancellationToken);
            return await RunAsync(settings, ReadTime(parsed.GetValue(at)) is { } time ? Move(events, time) : events, known, Languages.Of(parsed), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        EngineSettings settings, IReadOnlyList<StageEvent> events, IReadOnlyDictionary<string, string> known, Translation language, CancellationToken cancellationToken)
    {
        var folder = RuleFolders.Open(settings.Rules, settings.AllowAdmin);
        var reading = folder.Read();
        if (reading.RuleSet is not { } rules)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
            return ExitCodes.Findings;
        }

        var simulation = await Simulation.RunAsync(rules, events, known, new() { AllowAdmin = settings.AllowAdmin }, cancellationToken);
        new SimulationPrinter(rules, language).Print(simulation);
        return simulation.Missing.Count > 0 ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static async Task<IReadOnlyList<StageEvent>> FindAsync(string name, EngineSettings settings, string? account, CancellationToken cancellationToken)
    {
        if (name != "-" && !File.Exists(name) && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && RecordedStore.IsIn(settings.Data))
        {
            return [Recorded(name, settings.Data, account)];
        }

        var envelopes = await SimulatedEvents.ReadAsync(name, cancellationToken);
        var known = (KnownAccounts.NamesOf(settings) ?? []).ToList();
        if (account is not null && known.Count > 0 && !known.Contains(account, StringComparer.Ordinal))
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is no account '{account}'. There are: {string.Join(", ", known)}.");
        }

        return [.. envelopes.Select(envelope => new StageEvent(account ?? known.FirstOrDefault() ?? AnyAccount, envelope))];
    }

    private static StageEvent Recorded(string name, string data, string? account)
    {
        using var readers = RecordedStore.Open(data);
        var queries = new EventQueries(readers);
        var recorded = WhyCommand.Find(queries, name);
        var envelope = queries.FindEnvelope(recorded.Number)
            ?? throw new CommandFailure(ExitCodes.Storage, $"What event {recorded.Number} said is not kept any more.");
        return Simulation.Of(recorded, envelope, readers, account);
    }

    // The first happens at the time; the others as long after it as they did.
    private static IReadOnlyList<StageEvent> Move(IReadOnlyList<StageEvent> events, DateTimeOffset at)
    {
        var first = Simulation.TimeOf(events[0]);
        return [.. events.Select(given =>
        {
            var envelope = JsonObject.Create(given.Envelope)!;
            envelope["createdAt"] = (at + (Simulation.TimeOf(given) - first)).ToUnixTimeMilliseconds();
            return given with { Envelope = JsonSerializer.SerializeToElement(envelope) };
        })];
    }

    private static DateTimeOffset? ReadTime(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time
        : throw new CommandFailure(ExitCodes.Usage, $"'{text}' is no time. Write it like 2026-12-24T18:00 or 2026-12-24T18:00+09:00.");
}
