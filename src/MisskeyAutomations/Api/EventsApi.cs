using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>Events: what came in, what was decided and why; simulated, or let happen once more.</summary>
internal static class EventsApi
{
    private const string SimulateExample = """{ "lookups": { "users/show": { … } }, "state": { "count": 3 } }""";
    private const string ReplayExample = """{ "rules": ["name"], "again": false }""";

    public static void Map(RouteGroupBuilder looks, RouteGroupBuilder orders)
    {
        looks.MapGet("/events", List).WithMetadata(QueryNames.Of<EventsAsked>()).WithSummary("The newest events")
            .WithDescription("What is rare is looked for so long and no longer: follow nextCursor to look further back.");
        looks.MapGet("/events/{number:long}", Show).WithSummary("All that is known about an event");
        looks.MapPost("/events/{number:long}/simulate", SimulateAsync).WithMetadata(new TakenBody(typeof(SimulateRequest)))
            .WithSummary("What the rules in force would do about an event; nothing is sent, no server is asked");
        orders.MapPost("/events/{number:long}/replay", ReplayAsync).WithMetadata(new TakenBody(typeof(ReplayRequest)))
            .WithSummary("Lets an event happen once more, now, under the rules in force, in earnest");
    }

    private static Ok<EventPageAnswer> List([AsParameters] EventsAsked asked, EventPages events)
    {
        var filter = new EventFilter
        {
            Account = asked.Account,
            Type = asked.Type,
            Rule = asked.Rule,
            Source = SourceOf(asked.Source),
            State = Asked.Word<DeliveryState>("state", asked.State),
            Since = Asked.Time("since", asked.Since),
            Until = Asked.Time("until", asked.Until),
            Text = asked.Text,
        };
        var page = events.List(filter, Asked.Cursor(asked.Cursor), Asked.Limit(asked.Limit));
        return TypedResults.Ok(new EventPageAnswer([.. page.Found.Select(EventAnswer.Of)], Asked.CursorOf(page.Next), page.LookedBackTo));
    }

    private static Ok<EventStoryAnswer> Show(long number, HttpContext context, EventStories stories) =>
        TypedResults.Ok(EventStoryAnswer.Of(stories.Find(number) ?? throw NoEvent(number), ApiRefusal.LanguageOf(context.Request)));

    private static async Task<Ok<SimulationAnswer>> SimulateAsync(
        long number, HttpContext context, EventQueries events, StoreReaders readers, RuleVersions rules, Func<string, ActionDefaults> defaultsOf, CancellationToken cancellationToken)
    {
        var asked = await Asked.BodyAsync(context, ApiJson.Default.SimulateRequest, SimulateExample);
        var recorded = events.List([number]).SingleOrDefault() ?? throw NoEvent(number);
        var envelope = events.FindEnvelope(number) ?? throw BodyIsGone(number);
        var current = rules.Current;
        var simulation = await Simulation.RunAsync(
            current, [Simulation.Of(recorded, envelope, readers)], KnownOf(asked), defaultsOf(recorded.Account), cancellationToken);
        return TypedResults.Ok(SimulationAnswer.Of(simulation, recorded, current, ApiRefusal.LanguageOf(context.Request)));
    }

    private static async Task<Ok<ReplayAnswered>> ReplayAsync(long number, HttpContext context, EventOrders orders, CancellationToken cancellationToken)
    {
        var asked = await Asked.BodyAsync(context, ApiJson.Default.ReplayRequest, ReplayExample);
        var replayed = await orders.ReplayAsync(number, asked.Rules, asked.Again, cancellationToken);
        return replayed.Answer switch
        {
            ReplayAnswer.Happens => TypedResults.Ok(new ReplayAnswered(
                replayed.Number, [.. replayed.Verdicts.Select(VerdictAnswer.Of)], [.. replayed.Runs.Select(run => run.Id)], replayed.LeftOut)),
            ReplayAnswer.NoEvent => throw NoEvent(number),
            ReplayAnswer.NoRule => throw ApiRefusal.Wrong("no-such-rule", $"There is no rule '{replayed.LeftOut[0]}'. GET /api/v1/rules names those in force."),
            ReplayAnswer.BodyIsGone => throw BodyIsGone(number),
            ReplayAnswer.IsUndecided => throw ApiRefusal.Conflict("undecided", $"Event {number} is not decided yet. Try again in a moment."),
            ReplayAnswer.IsSetAside => throw ApiRefusal.Conflict("set-aside", $"Event {number} is set aside. POST /api/v1/quarantine/events/{number}/retry has it decided anew."),
            _ => throw ApiRefusal.Conflict("no-rule-asked", $"Event {number} is a test, another user's or without its matter: no rule is asked about such."),
        };
    }

    /// <summary>Why an event cannot be shown.</summary>
    public static ApiRefusal NoEvent(long number) => ApiRefusal.NotFound("no-such-event", $"There is no event {number}, or it is not kept any more. GET /api/v1/events lists the newest.");

    private static ApiRefusal BodyIsGone(long number) => new(
        StatusCodes.Status410Gone, "body-gone", $"What event {number} said is not kept any more. The setting retention: bodies says for how long it is.");

    private static string? SourceOf(string? text) => string.IsNullOrEmpty(text) || EventSources.Contains(text, StringComparer.Ordinal) ? text is "" ? null : text
        : throw ApiRefusal.Wrong("wrong-source", $"'source' takes one of {string.Join(", ", EventSources)}, not '{text}'.");

    private static readonly string[] EventSources = ["webhook", "streaming", "catch-up", "followers", "cron"];

    private static IReadOnlyDictionary<string, string> KnownOf(SimulateRequest asked)
    {
        return Simulation.Know(TextsOf(asked.Lookups), TextsOf(asked.State));

        static IEnumerable<KeyValuePair<string, string>> TextsOf(IReadOnlyDictionary<string, JsonElement>? given) =>
            (given ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.GetRawText()));
    }
}
