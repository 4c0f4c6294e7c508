namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>What every answer of the dashboard tells the browser: nothing from elsewhere, nothing in a frame, nothing kept.</summary>
internal static class SafetyHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Writes them; static files say later that they may be kept.</summary>
    public static void Write(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // As forms set it, so that they need not complain.
        headers.CacheControl = "no-cache, no-store";
        // Not none at all: without https, browsers would send the forms of our own pages as if from nowhere.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
