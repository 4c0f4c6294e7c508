using MisskeyAutomations.Api;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard;

/// <summary>Who looks at a page, and how they want it: language, time zone, light or dark. Each is a cookie; without one the browser's wish counts.</summary>
internal sealed class Visitor(IHttpContextAccessor contexts)
{
    public const string LanguageCookie = "language";
    public const string ThemeCookie = "theme";

    /// <summary>Written by the script of the pages, which knows the browser's zone.</summary>
    public const string ZoneCookie = "zone";

    private HttpContext Context => contexts.HttpContext ?? throw new InvalidOperationException("There is no visitor outside of a request.");

    /// <summary>The request.</summary>
    public HttpRequest Request => Context.Request;

    /// <summary>Whether they are signed in.</summary>
    public bool IsKnown => Context.User.Identity is { IsAuthenticated: true };

    /// <summary>Who they are, in a word for people; empty when they are not signed in.</summary>
    public string Name => Context.User.Identity?.Name ?? "";

    /// <summary>What they read.</summary>
    public Translation Language
    {
        get => field ??= Translation.Find(Request.Cookies[LanguageCookie] ?? "") ?? ApiRefusal.LanguageOf(Request);
        init;
    }

    /// <summary><c>light</c>, <c>dark</c>, or null for what the browser prefers.</summary>
    public string? Theme => Request.Cookies[ThemeCookie] is "light" or "dark" ? Request.Cookies[ThemeCookie] : null;

    /// <summary>Where they are, by the clock; the engine's zone until the browser told it.</summary>
    public TimeZoneInfo Zone
    {
        get => field ??= Request.Cookies[ZoneCookie] is { Length: <= 64 } name && TimeZoneInfo.TryFindSystemTimeZoneById(Uri.UnescapeDataString(name), out var zone) ? zone : TimeZoneInfo.Local;
        init;
    }
}
