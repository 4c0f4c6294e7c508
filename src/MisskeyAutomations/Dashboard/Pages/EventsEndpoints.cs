using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Events: a list, each of them, and what can be ordered about one.</summary>
internal static class EventsEndpoints
{
    private const int LeftOutTold = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", (string? before) => List(before));
        routes.MapGet("/events/{number:long}", (long number, EventQueries events) => Show(events, number));
        routes.MapGet("/events/{number:long}/body", DownloadBody);
        routes.MapPost("/events/{number:long}/simulate", SimulateAsync);
        routes.MapPost("/events/{number:long}/replay", ReplayAsync);
        routes.MapPost("/events/{number:long}/retry", async (long number, EventOrders orders, EventQueries events, CancellationToken cancellationToken) =>
            Conclude(events, number, await orders.RetryAsync(number, cancellationToken)));
        routes.MapPost("/events/{number:long}/drop", async (long number, EventOrders orders, EventQueries events, CancellationToken cancellationToken) =>
            Conclude(events, number, await orders.DropAsync(number, cancellationToken)));
    }

    /// <summary>Which events are wanted.</summary>
    public static EventFilter FilterOf(IQueryCollection query) => new()
    {
        Account = QueryWords.Find(query, "account"),
        Type = QueryWords.Find(query, "type"),
        Rule = QueryWords.Find(query, "rule"),
        Text = QueryWords.Find(query, "text"),
    };

    private static RazorComponentResult<EventsPage> List(string? asked)
    {
        var (before, trouble) = Beginning.Read(asked);
        return new RazorComponentResult<EventsPage>(new { Before = before, Trouble = trouble })
        {
            StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static RazorComponentResult Show(EventQueries events, long number, Phrase? trouble = null) => events.List([number]) switch
    {
        [var recorded] => new RazorComponentResult(typeof(EventPage), new { Event = (object)recorded, Trouble = trouble }) { StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict },
        _ => NotFoundPage.Answer(),
    };

    private static IResult DownloadBody(long number, EventQueries events) => events.FindEnvelope(number) is { } body
        ? Results.File(Encoding.UTF8.GetBytes(Excerpt.Indent(body)), "application/json", string.Create(CultureInfo.InvariantCulture, $"event-{number}.json"))
        : NotFoundPage.Answer();

    private static async Task<IResult> SimulateAsync(
        long number, IFormCollection form, EventQueries events, StoreReaders readers, RuleVersions rules, Func<string, ActionDefaults> defaultsOf, CancellationToken cancellationToken)
    {
        if (events.List([number]) is not [{ CanBeAskedAgain: true } recorded] || events.FindEnvelope(number) is not { } envelope)
        {
            return Show(events, number, "It cannot be simulated: it is not decided yet, it was set aside, or what it said is not kept any more.");
        }

        var simulated = await EventSimulation.RunAsync(recorded, envelope, form, rules.Current, readers, defaultsOf(recorded.Account), cancellationToken);
        return new RazorComponentResult<EventPage>(new { Event = (object)recorded, Simulated = (object)simulated })
        {
            StatusCode = simulated.Trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static async Task<IResult> ReplayAsync(
        long number, [FromForm] bool? withActed, EventOrders orders, EventQueries events, CancellationToken cancellationToken)
    {
        var replayed = await orders.ReplayAsync(number, only: null, withActed ?? false, cancellationToken);
        return TroubleOf(replayed.Answer) is { } trouble ? Show(events, number, trouble)
            : Results.LocalRedirect(PathOf(replayed.Number) + QueryString.Create(replayed.LeftOut.Take(LeftOutTold).Select(name => new KeyValuePair<string, string?>("left", name))));
    }

    private static IResult Conclude(EventQueries events, long number, bool isDone) =>
        isDone ? Results.LocalRedirect(PathOf(number)) : Show(events, number, "It is not set aside any more: this is how it stands now.");

    private static Phrase? TroubleOf(ReplayAnswer answer) => answer switch
    {
        ReplayAnswer.Happens => null,
        ReplayAnswer.BodyIsGone => "What it said is not kept any more, so it cannot happen once more. Keep events longer with `retention: bodies`.",
        ReplayAnswer.IsUndecided => "It was not decided yet. Wait until it is.",
        ReplayAnswer.IsSetAside => "It was set aside. Try it again below, once the cause is mended.",
        _ => "No rule is asked about it: it is a test, another user's, or says nothing.",
    };

    private static string PathOf(long number) => string.Create(CultureInfo.InvariantCulture, $"/events/{number}");
}
