using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>The overview, and the switch on it that stops everything.</summary>
internal static class OverviewEndpoints
{
    private const string NotRemembered = "not-remembered";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Show);
        routes.MapPost("/panic/on", async (PanicSwitch panic, CancellationToken cancellationToken) =>
            Results.LocalRedirect(await panic.StopAsync(cancellationToken) ? "/" : $"/?told={NotRemembered}"));
        routes.MapPost("/panic/off", async (PanicSwitch panic, CancellationToken cancellationToken) =>
        {
            await panic.LetGoAsync(cancellationToken);
            return Results.LocalRedirect("/");
        });
    }

    private static RazorComponentResult<OverviewPage> Show(string? span, string? account, string? told, AccountDirectory accounts)
    {
        var over = ChartSpan.Day;
        var isSpan = string.IsNullOrEmpty(span) || Enum.TryParse(span, ignoreCase: true, out over) && Enum.IsDefined(over);
        var whose = string.IsNullOrEmpty(account) ? null : account;
        Phrase? trouble = !isSpan ? Phrase.Of($"Nothing is drawn over '{span}'. Choose one of the list below.")
            : whose is not null && accounts.Find(whose) is null ? Phrase.Of($"There is no account '{whose}'. Choose one of the list below.") : null;
        var shown = trouble ?? (told == NotRemembered ? PanicSwitch.NotRemembered : null);
        return new RazorComponentResult<OverviewPage>(new { Over = (object)(isSpan ? over : default), Account = trouble is null ? whose : null, Trouble = shown })
        {
            StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
