namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>
/// Whether a request that changes something comes from a page of the dashboard itself. Browsers say so in <c>Sec-Fetch-Site</c>; those that do not
/// name the page's <c>Origin</c>. Who says neither is not believed.
/// </summary>
internal static class SameOrigin
{
    public static bool Is(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site == "same-origin";
        }

        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a request of this kind may change something.</summary>
    public static bool Changes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
}
