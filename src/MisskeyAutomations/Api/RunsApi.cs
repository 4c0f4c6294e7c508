using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Api;

/// <summary>Runs: where they stand, step by step; repeated, ended and settled.</summary>
internal static class RunsApi
{
    private const int Most = 200;
    private const string SettleExample = """{ "word": "there" }""";

    public static void Map(RouteGroupBuilder looks, RouteGroupBuilder orders)
    {
        looks.MapGet("/runs", List).WithMetadata(QueryNames.Of<RunsAsked>()).WithSummary("The newest runs, without their steps")
            .WithDescription("What is rare is looked for so long and no longer: follow nextCursor to look further back.");
        looks.MapGet("/runs/{id:long}", Show).WithSummary("A run with its steps: requests, answers, attempts, times");
        looks.MapGet("/uncertain", ListUncertain).WithSummary("Steps that were sent and never confirmed, oldest first");
        orders.MapPost("/runs/{id:long}/retry", RetryAsync).WithSummary("Lets a failed run go on at the step that failed, or one that was set aside where it stood");
        orders.MapPost("/runs/{id:long}/cancel", CancelAsync).WithSummary("Ends a run; one that is at work ends before its next step");
        orders.MapPost("/runs/{id:long}/settle", SettleAsync).WithMetadata(new TakenBody(typeof(SettleRequest))).WithSummary("Says what became of a step that was sent and never confirmed");
    }

    private static Ok<RunPageAnswer> List([AsParameters] RunsAsked asked, RunPages runs)
    {
        var filter = new RunFilter
        {
            State = Asked.Word<RunState>("state", asked.State),
            WaitsFor = Asked.Word<WaitReason>("waitsFor", asked.WaitsFor),
            Rule = asked.Rule,
            Account = asked.Account,
        };
        if (filter is { WaitsFor: not null, State: not RunState.Waiting })
        {
            throw ApiRefusal.Wrong("wrong-waitsFor", "'waitsFor' is for waiting runs: add state=waiting.");
        }

        var page = runs.List(filter, Asked.Cursor(asked.Cursor), Asked.Limit(asked.Limit));
        return TypedResults.Ok(new RunPageAnswer([.. page.Found.Select(RunAnswer.Of)], Asked.CursorOf(page.Next), page.LookedBackTo));
    }

    private static Ok<RunAnswer> Show(long id, RunQueries runs) => TypedResults.Ok(RunAnswer.Of(runs.Find(id) ?? throw NoRun(id)));

    private static Ok<IReadOnlyList<UncertainAnswer>> ListUncertain(RunQueries runs) =>
        TypedResults.Ok<IReadOnlyList<UncertainAnswer>>([.. runs.ListUncertain(Most).Select(UncertainAnswer.Of)]);

    private static async Task<Ok<DoneAnswer>> RetryAsync(long id, HttpContext context, RunOrders orders, CancellationToken cancellationToken) =>
        await orders.RetryAsync(id, cancellationToken) switch
        {
            RetryAnswer.GoesOn => Done(context, "It goes on where it stood."),
            RetryAnswer.NoRun => throw NoRun(id),
            RetryAnswer.HasNotFailed => throw ApiRefusal.Conflict("not-failed", $"Run {id} did not fail. Only what failed can be repeated; an event can happen once more by POST /api/v1/events/NUMBER/replay."),
            RetryAnswer.TookOnError => throw ApiRefusal.Conflict("took-on-error", $"Run {id} took the steps that its rule has under on-error, so it is over. Its event can happen once more by POST /api/v1/events/NUMBER/replay."),
            _ => throw ApiRefusal.Conflict("rule-gone", $"Nobody knows any more what the rule of run {id} said when it began. Its event can happen once more by POST /api/v1/events/NUMBER/replay."),
        };

    private static async Task<Ok<DoneAnswer>> CancelAsync(long id, HttpContext context, RunOrders orders, CancellationToken cancellationToken) =>
        await orders.CancelAsync(id, cancellationToken) switch
        {
            CancelAnswer.Cancelled => Done(context, "It has ended."),
            CancelAnswer.Stopping => Done(context, "It is at work, and ends before its next step."),
            CancelAnswer.NoRun => throw NoRun(id),
            _ => throw ApiRefusal.Conflict("has-ended", $"Run {id} has ended already. GET /api/v1/runs/{id} shows how."),
        };

    private static async Task<Ok<DoneAnswer>> SettleAsync(long id, HttpContext context, RunOrders orders, CancellationToken cancellationToken)
    {
        var asked = await Asked.BodyAsync(context, ApiJson.Default.SettleRequest, SettleExample);
        var word = Asked.Word<Settlement>("word", asked.Word) ?? throw ApiRefusal.Wrong("wrong-word", $"Say what became of it: {SettleExample}, or again to send it again, or drop to leave it and go on.");
        return await orders.SettleAsync(id, string.IsNullOrEmpty(asked.Step) ? null : asked.Step, word, cancellationToken) switch
        {
            SettlementAnswer.Settled => Done(context, "It is settled."),
            SettlementAnswer.NoRun => throw NoRun(id),
            SettlementAnswer.Several => throw ApiRefusal.Conflict("several-steps", $"Run {id} has several uncertain steps. Name one as \"step\"; GET /api/v1/uncertain shows them."),
            SettlementAnswer.GoneOn => throw ApiRefusal.Conflict("gone-on", $"Run {id} has gone on without this step, so it is not sent any more. Say there or drop."),
            SettlementAnswer.AtWork => throw ApiRefusal.Conflict("at-work", "The engine is just looking whether it is there. Try again in a minute."),
            _ => throw ApiRefusal.Conflict("nothing-uncertain", $"Run {id} has no such uncertain step. GET /api/v1/uncertain shows them."),
        };
    }

    private static ApiRefusal NoRun(long id) => ApiRefusal.NotFound("no-such-run", $"There is no run {id}, or it is not kept any more. GET /api/v1/runs lists the newest.");

    /// <summary>What was done, in the language that a request asks for.</summary>
    public static Ok<DoneAnswer> Done(HttpContext context, Phrase sentence) => TypedResults.Ok(new DoneAnswer(sentence.In(ApiRefusal.LanguageOf(context.Request))));
}
