using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.SettingPages;

/// <summary>What can be set on the settings page beyond its looks: the passphrase, who is signed in, keys of the API, a backup now.</summary>
internal static class SettingEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/settings/passphrase", ChangePassphraseAsync);
        routes.MapPost("/settings/sessions/end-others", async (HttpContext context, Sessions sessions) =>
        {
            await sessions.EndOthersAsync(SessionCookie.KeyOf(context)!, context.RequestAborted);
            return Results.LocalRedirect("/settings?told=ended");
        });
        routes.MapPost("/settings/keys", AddKeyAsync);
        routes.MapPost("/settings/keys/remove", async ([FromForm] string? name, ApiKeys keys, CancellationToken cancellationToken) =>
            await keys.RemoveAsync(name ?? "", cancellationToken) ? Results.LocalRedirect("/settings?told=removed")
                : Show("There is no such key any more."));
        routes.MapPost("/settings/backup", BackUpAsync);
    }

    private static async Task<IResult> ChangePassphraseAsync(
        HttpContext context, [FromForm] string? current, [FromForm] string? passphrase, [FromForm] string? again, Passphrase known, Sessions sessions, SignInBrake brake)
    {
        if (known.IsGiven)
        {
            return Show("The passphrase stands in the file that dashboard: passphrase-file names. Change it there and start the engine again.");
        }

        if (Passphrase.FlawOf(passphrase ?? "", again) is { } flaw)
        {
            return Show(flaw);
        }

        if (!brake.LetsTry(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = "60";
            return Show("Too many tries. Wait a minute, then try again.", StatusCodes.Status429TooManyRequests);
        }

        if (current is not { Length: > 0 and <= Passphrase.Longest } || !known.Is(current))
        {
            return Show("That is not the present passphrase; it stays as it is.");
        }

        await known.SetAsync(passphrase!, CancellationToken.None);
        await sessions.EndOthersAsync(SessionCookie.KeyOf(context)!, CancellationToken.None);
        return Results.LocalRedirect("/settings?told=passphrase");
    }

    // Shown at once, since it is kept nowhere.
    private static async Task<IResult> AddKeyAsync([FromForm] string? name, [FromForm] string? readOnly, ApiKeys keys, CancellationToken cancellationToken)
    {
        var called = name?.Trim() ?? "";
        if (!ApiKeys.IsName(called))
        {
            return Refuse($"'{called}' is no name for a key. Take at most {ApiKeys.LongestName} letters, digits, dots, hyphens and underscores, a letter or digit first.");
        }

        return await keys.MakeAsync(called, readOnly == "on", cancellationToken) is { } key
            ? new RazorComponentResult<SettingsPage>(new { NewKey = key })
            : Refuse($"There is a key '{called}' already, or there are a thousand. Remove one, or choose another name.");

        RazorComponentResult<SettingsPage> Refuse(Phrase trouble) =>
            new(new { Trouble = trouble, KeyName = called, IsReadOnlyKey = readOnly == "on" }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
    }

    private static async Task<IResult> BackUpAsync(BackupDesk desk, CancellationToken cancellationToken)
    {
        if (!desk.IsPossible)
        {
            return Show("The store is a PostgreSQL database: back it up with PostgreSQL's own tools.");
        }

        try
        {
            await desk.MakeAsync(cancellationToken);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return Show(Phrase.Of($"The backup was not made: {trouble.Message}"));
        }

        return Results.LocalRedirect("/settings?told=backup");
    }

    private static RazorComponentResult<SettingsPage> Show(Phrase trouble, int status = StatusCodes.Status422UnprocessableEntity) => new(new { Trouble = trouble }) { StatusCode = status };
}
