using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>The ways in and out.</summary>
internal static class SignInEndpoints
{
    public const string Path = "/sign-in";

    private const string Owner = "passphrase";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup(Path).AllowAnonymous();
        open.MapGet("", (string? next, HttpContext context) => context.User.Identity is { IsAuthenticated: true } ? Results.LocalRedirect(Within(next)) : Ask(next));
        open.MapPost("", TryAsync);
        open.MapGet("/link/{word}", (string word, SignInLinks links) => links.IsGood(word) ? (IResult)AskForNew(word) : TellUsedUp());
        open.MapPost("/link/{word}", OpenAsync);
        routes.MapPost("/sign-out", LeaveAsync);
        routes.MapPost("/sign-out/everywhere", LeaveEverywhereAsync);
    }

    private static async Task<IResult> LetInAsync(HttpContext context, Sessions sessions, string who, string? next)
    {
        SessionCookie.Give(context, await sessions.BeginAsync(new Entrant(who), context.RequestAborted));
        return Results.LocalRedirect(Within(next));
    }

    /// <summary>The page on which one signs in, where it was tried too often.</summary>
    public static IResult TellToWait(HttpContext context, string? next)
    {
        context.Response.Headers.RetryAfter = "60";
        return Ask(next, "Too many tries. Wait a minute, then try again.", StatusCodes.Status429TooManyRequests);
    }

    private static async Task<IResult> TryAsync(
        HttpContext context, [FromForm] string? passphrase, [FromForm] string? next, Passphrase known, Sessions sessions, SignInBrake brake)
    {
        if (!brake.LetsTry(context.Connection.RemoteIpAddress))
        {
            return TellToWait(context, next);
        }

        return passphrase is { Length: > 0 and <= Passphrase.Longest } given && known.Is(given)
            ? await LetInAsync(context, sessions, Owner, next)
            : Ask(next, "That is not the passphrase. If it is lost, `dashboard link` on the engine's machine prints a link with which to set another one.", StatusCodes.Status422UnprocessableEntity);
    }

    // Setting another passphrase ends what was begun with the former one.
    private static async Task<IResult> OpenAsync(
        HttpContext context, string word, [FromForm] string? passphrase, [FromForm] string? again, SignInLinks links, Passphrase known, Sessions sessions, DashboardOptions options)
    {
        if (!links.IsGood(word))
        {
            return TellUsedUp();
        }

        var mayKeep = options.IsSandbox || known.IsSet;
        var isNew = !known.IsGiven && passphrase is { Length: > 0 };
        if ((isNew || !mayKeep) && Passphrase.FlawOf(passphrase ?? "", again) is { } flaw)
        {
            return AskForNew(word, flaw, StatusCodes.Status422UnprocessableEntity);
        }

        if (!links.Take(word))
        {
            return TellUsedUp();
        }

        // The link is used up: a browser that goes away meanwhile, as by a second click, stops nothing.
        if (isNew)
        {
            await known.SetAsync(passphrase!, CancellationToken.None);
            await sessions.EndAllAsync(CancellationToken.None);
        }

        return await LetInAsync(context, sessions, Owner, next: null);
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, Sessions sessions)
    {
        await sessions.EndAsync(SessionCookie.KeyOf(context)!, context.RequestAborted);
        SessionCookie.Take(context);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> LeaveEverywhereAsync(HttpContext context, Sessions sessions)
    {
        await sessions.EndAllAsync(context.RequestAborted);
        SessionCookie.Take(context);
        return Results.LocalRedirect(Path);
    }

    /// <summary>The page on which one signs in.</summary>
    public static RazorComponentResult<SignInPage> Ask(string? next, Phrase? trouble = null, int status = StatusCodes.Status200OK) =>
        new(new { Next = Within(next), Trouble = trouble }) { StatusCode = status };

    private static RazorComponentResult<LinkPage> AskForNew(string word, Phrase? trouble = null, int status = StatusCodes.Status200OK) =>
        new(new { Word = word, Trouble = trouble }) { StatusCode = status };

    private static RazorComponentResult<SignInPage> TellUsedUp() => Ask(
        next: null, "This link was used already, or is over. `dashboard link` on the engine's machine prints a fresh one.", StatusCodes.Status410Gone);

    /// <summary>The address of a page of the dashboard itself, if that was given; else that of the overview.</summary>
    public static string Within(string? next) => next is ['/', not ('/' or '\\'), ..] && Uri.IsWellFormedUriString(next, UriKind.Relative) ? next : "/";
}
