using System.Net;

namespace MisskeyAutomations.Sandbox.Consent;

/// <summary>The pages on which a person lets an app act, or does not.</summary>
internal static class ConsentPage
{
    public static readonly string Granted = Whole("<p>You can close this page and go back to the app.</p>");

    public static readonly string Refused = Whole("<p>Nothing was allowed.</p>");

    /// <summary>The form; it is sent to the address that it came from, which holds the permissions.</summary>
    public static string Form(string? app, IEnumerable<string> kinds, IEnumerable<string> people) => Whole($"""
        <p><strong>{Encode(string.IsNullOrEmpty(app) ? "An app" : app)}</strong> asks for these permissions:</p>
        <ul>{string.Concat(kinds.Select(kind => $"<li>{Encode(kind)}</li>"))}</ul>
        <form method="post">
        <p>Signed in as <select name="user">{string.Concat(people.Select(person => $"<option>{Encode(person)}</option>"))}</select></p>
        <button name="decision" value="deny">Deny</button> <button name="decision" value="allow">Allow</button>
        </form>
        """);

    private static string Whole(string body) => $"""
        <!DOCTYPE html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>MiAuth - Sandbox</title>
        <body>{body}</body></html>
        """;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
