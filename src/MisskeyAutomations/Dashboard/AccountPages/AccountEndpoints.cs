using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.AccountPages;

/// <summary>The accounts: all of them, each of them, and what can be done with one.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/accounts", () => new RazorComponentResult<AccountsPage>());
        routes.MapPost("/checkup", async (AccountCheck check, CancellationToken cancellationToken) =>
            new RazorComponentResult<AccountsPage>(new { Found = await check.LookAsync(only: null, cancellationToken) }));
        routes.MapGet("/accounts/{name}", (string name, string? told, AccountLook look) => Show(look, name, told));
        routes.MapPost("/accounts/{name}/checkup", CheckAsync);
        routes.MapPost("/accounts/{name}/pause", (string name, AccountLook look, ConnectedAccounts accounts, CancellationToken cancellationToken) =>
            DoAsync(look, name, "paused", () => accounts.PauseAsync(name, cancellationToken)));
        routes.MapPost("/accounts/{name}/resume", (string name, AccountLook look, ConnectedAccounts accounts, CancellationToken cancellationToken) =>
            DoAsync(look, name, "resumed", () => accounts.ResumeAsync(name, cancellationToken)));
        routes.MapPost("/accounts/{name}/rotate-secret", (string name, AccountLook look, SecretRotation rotation, CancellationToken cancellationToken) =>
            DoAsync(look, name, "rotated", () => rotation.RotateAsync(name, cancellationToken)));
        routes.MapGet("/accounts/{name}/disconnect", (string name, AccountLook look) => Ask(look, name));
        routes.MapPost("/accounts/{name}/disconnect", (string name, AccountLook look, Disconnector disconnector, CancellationToken cancellationToken) =>
            PartAsync(look, name, tell => disconnector.DisconnectAsync(name, tell, cancellationToken)));
        routes.MapPost("/accounts/{name}/remove", (string name, AccountLook look, Disconnector disconnector, CancellationToken cancellationToken) =>
            PartAsync(look, name, tell => disconnector.ForgetAsync(name, tell, cancellationToken)));
    }

    private static IResult Show(AccountLook look, string name, string? told = null, Phrase? trouble = null, IReadOnlyList<CheckedThing>? found = null) =>
        look.Find(name) is not null
            ? new RazorComponentResult<AccountPage>(new { Name = name, Told = told, Trouble = trouble, Found = found })
            {
                StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            }
            : NotFoundPage.Answer();

    private static IResult Ask(AccountLook look, string name, Phrase? trouble = null) => look.Find(name) is { IsConnected: true }
        ? new RazorComponentResult<DisconnectPage>(new { Name = name, Trouble = trouble })
        {
            StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
        }
        : NotFoundPage.Answer();

    private static async Task<IResult> CheckAsync(string name, AccountLook look, AccountCheck check, CancellationToken cancellationToken) =>
        look.Find(name) is { Account: not null } ? Show(look, name, found: await check.LookAsync(name, cancellationToken)) : NotFoundPage.Answer();

    private static async Task<IResult> DoAsync(AccountLook look, string name, string told, Func<Task> doAsync)
    {
        if (look.Find(name) is not { Account: not null })
        {
            return NotFoundPage.Answer();
        }

        try
        {
            await doAsync();
        }
        catch (ConnectingException refused)
        {
            return Show(look, name, trouble: refused.OnPage);
        }

        return Results.LocalRedirect($"/accounts/{name}?told={told}");
    }

    // What was told does not come again with a reload, so it is shown at once.
    private static async Task<IResult> PartAsync(AccountLook look, string name, Func<Teller, Task> partAsync)
    {
        if (look.Find(name) is not { IsConnected: true })
        {
            return NotFoundPage.Answer();
        }

        var told = new List<Phrase>();
        try
        {
            await partAsync(progress =>
            {
                told.Add(progress.OnPage ?? progress.Sentence);
                return Task.CompletedTask;
            });
        }
        catch (ConnectingException refused)
        {
            return Ask(look, name, refused.OnPage);
        }

        return new RazorComponentResult<AccountsPage>(new { Told = told });
    }
}
