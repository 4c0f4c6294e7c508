namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>The text of a rule file in a form that was sent in vain: it may be an hour's work.</summary>
internal static class WrittenText
{
    /// <summary>What a page of the dashboard itself sent; null for nothing.</summary>
    public static async Task<string?> OfAsync(HttpRequest request)
    {
        try
        {
            return SameOrigin.Is(request) && request.HasFormContentType ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))["text"].ToString() : null;
        }
        catch (Exception trouble) when (trouble is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
