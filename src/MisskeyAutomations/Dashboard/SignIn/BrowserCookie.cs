namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>A cookie that no script can read and that goes to this dashboard alone.</summary>
/// <param name="name">What it is called, in a word.</param>
/// <param name="sameSite">Whether the browser sends it when it comes from another site.</param>
internal sealed class BrowserCookie(string name, SameSiteMode sameSite)
{
    /// <summary>What the browser bears; null when it bears none.</summary>
    public string? Find(HttpContext context) => context.Request.Cookies[NameFor(context.Request)];

    /// <summary>Gives it to the browser.</summary>
    public void Give(HttpContext context, string value, TimeSpan maxAge) => context.Response.Cookies.Append(NameFor(context.Request), value, Kind(context.Request, maxAge));

    /// <summary>Takes it away.</summary>
    public void Take(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Kind(context.Request, maxAge: null));

    // Cookies know no ports: two dashboards on one machine must not take each other's.
    private string NameFor(HttpRequest request) => request.IsHttps ? $"__Host-{name}" : $"{name}-{request.Host.Port ?? 80}";

    private CookieOptions Kind(HttpRequest request, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = maxAge,
        Path = "/",
        SameSite = sameSite,
        Secure = request.IsHttps,
    };
}
