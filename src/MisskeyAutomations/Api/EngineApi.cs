using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Control;
using MisskeyAutomations.Oversight;

namespace MisskeyAutomations.Api;

/// <summary>The engine as a whole: how it stands, what it does, its accounts and rules, and the switch that stops everything.</summary>
internal static class EngineApi
{
    private const string PanicExample = """{ "on": true }""";

    public static void Map(RouteGroupBuilder looks, RouteGroupBuilder orders)
    {
        looks.MapGet("/overview", (Overviews overviews) => TypedResults.Ok(OverviewAnswer.Of(overviews.Look()))).WithSummary("How the engine stands");
        looks.MapGet("/activity", ShowActivity).WithMetadata(QueryNames.Of<ActivityAsked>()).WithSummary("What was done, in equal steps of time");
        looks.MapGet("/accounts", (Overviews overviews) => TypedResults.Ok<IReadOnlyList<AccountAnswer>>([.. overviews.LookAtAccounts().Select(AccountAnswer.Of)])).WithSummary("How the accounts stand");
        looks.MapGet("/rules", (RuleSights rules) => TypedResults.Ok<IReadOnlyList<RuleAnswer>>([.. rules.List().Select(RuleAnswer.Of)])).WithSummary("The rules in force, with what they did lately");
        orders.MapPost("/accounts/{name}/pause", PauseAsync).WithSummary("Stops what an account would change, until it is resumed; its events are still accepted and decided");
        orders.MapPost("/accounts/{name}/resume", ResumeAsync).WithSummary("Lets an account go on, and what waited for it");
        orders.MapPut("/panic", PanicAsync).WithMetadata(new TakenBody(typeof(PanicRequest))).WithSummary("Stops every outgoing call at once, or lets them go on");
    }

    private static Ok<ActivityAnswer> ShowActivity([AsParameters] ActivityAsked asked, ActivityCharts charts)
    {
        var zone = string.IsNullOrEmpty(asked.Zone) ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(asked.Zone, out var named) ? named
            : throw ApiRefusal.Wrong("wrong-zone", $"'zone' takes a time zone such as Asia/Tokyo, not '{asked.Zone}'.");
        var chart = asked.By switch
        {
            "minute" => charts.LastHour(),
            null or "" or "hour" => charts.LastDay(),
            "day" => charts.LastWeek(zone),
            _ => throw ApiRefusal.Wrong("wrong-by", $"'by' takes one of minute, hour, day, not '{asked.By}'."),
        };
        return TypedResults.Ok(new ActivityAnswer(chart.Begins, chart.Accounts));
    }

    private static async Task<Ok<DoneAnswer>> PauseAsync(string name, HttpContext context, AccountDirectory accounts, ConnectedAccounts pauses, CancellationToken cancellationToken)
    {
        RefuseUnknown(name, accounts);
        return await pauses.PauseAsync(name, cancellationToken) ? RunsApi.Done(context, $"Nothing goes out for {name} any more. Its events are still accepted and decided.")
            : RunsApi.Done(context, $"{name} was paused already.");
    }

    private static async Task<Ok<DoneAnswer>> ResumeAsync(string name, HttpContext context, AccountDirectory accounts, ConnectedAccounts pauses, CancellationToken cancellationToken)
    {
        RefuseUnknown(name, accounts);
        return await pauses.ResumeAsync(name, cancellationToken) ? RunsApi.Done(context, $"Actions of {name} go out again.") : RunsApi.Done(context, $"{name} was not paused.");
    }

    private static async Task<Ok<DoneAnswer>> PanicAsync(HttpContext context, PanicSwitch panic, CancellationToken cancellationToken)
    {
        var asked = await Asked.BodyAsync(context, ApiJson.Default.PanicRequest, PanicExample);
        switch (asked.On)
        {
            case true:
                return RunsApi.Done(context, await panic.StopAsync(cancellationToken) ? "Nothing goes out any more. Events are still accepted and decided." : PanicSwitch.NotRemembered);
            case false:
                await panic.LetGoAsync(cancellationToken);
                return RunsApi.Done(context, "Actions go out again.");
            case null:
                throw ApiRefusal.Wrong("wrong-body", $"Say whether everything is to be stopped: {PanicExample}, or false to let all go on.");
        }
    }

    private static void RefuseUnknown(string name, AccountDirectory accounts)
    {
        if (accounts.Find(name) is null)
        {
            throw ApiRefusal.NotFound("no-such-account", $"There is no account {name}. GET /api/v1/accounts names them.");
        }
    }
}
