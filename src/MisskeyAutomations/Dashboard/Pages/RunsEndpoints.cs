using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Runs: a list, each of them, what needs a person, and what can be ordered about one.</summary>
internal static class RunsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/attention", () => new RazorComponentResult<AttentionPage>());
        routes.MapGet("/runs", List);
        routes.MapGet("/runs/{id:long}", (long id, RunQueries runs) => Show(runs, id));
        routes.MapPost("/runs/{id:long}/retry", async (long id, RunOrders orders, RunQueries runs, CancellationToken cancellationToken) =>
            Conclude(runs, id, TroubleOf(await orders.RetryAsync(id, cancellationToken))));
        routes.MapPost("/runs/{id:long}/cancel", async (long id, RunOrders orders, RunQueries runs, CancellationToken cancellationToken) =>
            Conclude(runs, id, await orders.CancelAsync(id, cancellationToken) is CancelAnswer.HasEnded ? "It had ended before: this is how it stands now." : null));
        routes.MapPost("/runs/{id:long}/drop", async (long id, RunOrders orders, RunQueries runs, CancellationToken cancellationToken) =>
            Conclude(runs, id, await orders.DropAsync(id, cancellationToken) ? null : "It is not set aside any more: this is how it stands now."));
        routes.MapPost("/runs/{id:long}/settle", SettleAsync);
    }

    private static RazorComponentResult<RunsPage> List([FromQuery(Name = "before")] string? from, [FromQuery(Name = "state")] string? asked)
    {
        var (before, trouble) = Beginning.Read(from);
        RunState? state = Enum.TryParse<RunState>(asked, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        if (state is null && !string.IsNullOrEmpty(asked))
        {
            trouble = Phrase.Of($"There is no state '{asked}'. Choose one of the list below; these are runs in all states.");
        }

        return new RazorComponentResult<RunsPage>(new { Before = before, State = state, Trouble = trouble })
        {
            StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static RazorComponentResult Show(RunQueries runs, long id, Phrase? trouble = null) => runs.Find(id) is { } run
        ? new RazorComponentResult(typeof(RunPage), new { Run = (object)run, Trouble = trouble }) { StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict }
        : NotFoundPage.Answer();

    private static async Task<IResult> SettleAsync(
        long id, [FromForm] string? step, [FromForm] string? what, RunOrders orders, RunQueries runs, CancellationToken cancellationToken) =>
        Enum.TryParse<Settlement>(what, out var settlement) && Enum.IsDefined(settlement)
            ? Conclude(runs, id, TroubleOf(await orders.SettleAsync(id, step, settlement, cancellationToken)))
            : Show(runs, id, "Say whether it is there, is to be sent again, or is to be left.");

    private static IResult Conclude(RunQueries runs, long id, Phrase? trouble) =>
        trouble is null ? Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/runs/{id}")) : Show(runs, id, trouble);

    private static Phrase? TroubleOf(RetryAnswer answer) => answer switch
    {
        RetryAnswer.GoesOn or RetryAnswer.NoRun => null,
        RetryAnswer.HasNotFailed => "It has not failed: this is how it stands now.",
        RetryAnswer.TookOnError => "Its rule took its `on-error` steps already. Let the event happen once more instead.",
        _ => "Nobody knows any more what its rule said. Let the event happen once more instead.",
    };

    private static Phrase? TroubleOf(SettlementAnswer answer) => answer switch
    {
        SettlementAnswer.Settled or SettlementAnswer.NoRun => null,
        SettlementAnswer.Several => "Several steps of this run are uncertain. Settle each of them below.",
        SettlementAnswer.AtWork => "The engine is just looking whether it is there. Try again in a minute.",
        SettlementAnswer.GoneOn => "The run has gone on without this step, so it is not sent any more. Say that it is there, or leave it.",
        _ => "This step is not uncertain any more: this is how it stands now.",
    };
}
