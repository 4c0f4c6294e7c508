using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>Knows a visitor by the key in a cookie that scripts cannot read and other sites cannot send.</summary>
internal sealed class SessionCookie(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Sessions sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";

    private static readonly BrowserCookie Cookie = new("session", SameSiteMode.Strict);

    /// <summary>The key that a browser bears; null when it bears none.</summary>
    public static string? KeyOf(HttpContext context) => Cookie.Find(context);

    /// <summary>Gives the browser a key.</summary>
    public static void Give(HttpContext context, string key) => Cookie.Give(context, key, Sessions.Longest);

    /// <summary>Takes the key away.</summary>
    public static void Take(HttpContext context) => Cookie.Take(context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Context) is not { Length: > 0 } key)
        {
            return AuthenticateResult.NoResult();
        }

        return await sessions.FindAsync(key, Context.RequestAborted) is { } who
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, who)], SchemeName)), SchemeName))
            : AuthenticateResult.Fail("The session is over.");
    }

    // People are led to the sign-in, and back again; whatever else asks is told no.
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var isPerson = Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) && !Request.Headers.ContainsKey("HX-Request");
        if (isPerson && HttpMethods.IsGet(Request.Method))
        {
            Response.Redirect(Request.Path == "/" ? SignInEndpoints.Path : $"{SignInEndpoints.Path}?next={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        }
        else if (isPerson && SameOrigin.Is(Request))
        {
            await new RazorComponentResult<KeptTextPage>(new
            {
                Title = (Phrase)"You are signed out",
                Sentence = (Phrase)"Nothing was changed. Sign in in another tab, then load the page anew and send it again.",
                Text = await WrittenText.OfAsync(Request),
            }) { StatusCode = StatusCodes.Status401Unauthorized }.ExecuteAsync(Context);
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers["HX-Refresh"] = "true";
        }
    }
}
