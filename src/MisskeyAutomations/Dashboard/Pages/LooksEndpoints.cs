using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>The settings page, and how the pages are to look: that is kept in the browser.</summary>
internal static class LooksEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings", () => new RazorComponentResult<SettingsPage>());
        routes.MapPost("/settings/looks", Keep);
    }

    private static RedirectHttpResult Keep(HttpContext context, [FromForm] string? language, [FromForm] string? theme)
    {
        Put(context, Visitor.LanguageCookie, language is "en" or "ja" ? language : null);
        Put(context, Visitor.ThemeCookie, theme is "light" or "dark" ? theme : null);
        return TypedResults.LocalRedirect("/settings");
    }

    private static void Put(HttpContext context, string cookie, string? value)
    {
        var kind = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/" };
        if (value is null)
        {
            context.Response.Cookies.Delete(cookie, kind);
            return;
        }

        context.Response.Cookies.Append(cookie, value, kind);
    }
}
