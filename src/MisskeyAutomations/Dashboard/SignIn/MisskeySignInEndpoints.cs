using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Connecting;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>The way in by Misskey: to the page of the server, and back from there.</summary>
internal static class MisskeySignInEndpoints
{
    public const string Path = $"{SignInEndpoints.Path}/misskey";

    private const string Back = $"{Path}/back";

    // Lax, since the browser comes back from another site.
    private static readonly BrowserCookie Cookie = new("misskey", SameSiteMode.Lax);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup(Path).AllowAnonymous();
        open.MapPost("", Begin);
        open.MapGet("/back", EndAsync);
    }

    // A page with a link, since the content policy lets no form lead elsewhere.
    private static IResult Begin(HttpContext context, [FromForm] string? server, [FromForm] string? next, MisskeySignIn misskey, SignInBrake brake)
    {
        if (!brake.LetsTry(context.Connection.RemoteIpAddress))
        {
            return SignInEndpoints.TellToWait(context, next);
        }

        var request = context.Request;
        if (misskey.Begin(server, new Uri($"{request.Scheme}://{request.Host}{Back}"), SignInEndpoints.Within(next)) is not var (key, link))
        {
            return SignInEndpoints.Ask(next, "The engine has no account there any more, or signing in with Misskey is switched off. Choose another way below.", StatusCodes.Status422UnprocessableEntity);
        }

        Cookie.Give(context, key, MiAuth.Patience);
        return new RazorComponentResult<MisskeyPage>(new { Link = link });
    }

    private static async Task<IResult> EndAsync(HttpContext context, string? session, MisskeySignIn misskey, Sessions sessions)
    {
        var (entrant, next, trouble) = await misskey.EndAsync(Cookie.Find(context), session, context.RequestAborted);
        Cookie.Take(context);
        if (entrant is null)
        {
            return SignInEndpoints.Ask(next, trouble, StatusCodes.Status422UnprocessableEntity);
        }

        // The page goes on by itself: after a redirect from elsewhere the browser would keep the session's cookie back.
        SessionCookie.Give(context, await sessions.BeginAsync(entrant, context.RequestAborted));
        return new RazorComponentResult<WelcomePage>(new { Next = SignInEndpoints.Within(next), Who = entrant.Who });
    }
}
