using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.AccountPages;

/// <summary>From nothing to an account that acts, in the browser: a form, and a page that waits.</summary>
internal static class ConnectEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/connect", (string? server, string? name, PublicAddress here) => Show(new() { Server = server, Name = name, Url = here.Url?.ToString() }));
        routes.MapPost("/connect", Begin);
        routes.MapGet("/connect/{key}", Wait);
        routes.MapPost("/connect/{key}/end", (string key, Connections connections) =>
        {
            connections.Find(key)?.Stop();
            return Results.LocalRedirect($"/connect/{key}");
        });
    }

    private static IResult Begin(
        [FromForm] string? server, [FromForm] string? name, [FromForm] string? url, [FromForm] string? token, [FromForm] string? replace, Connector connector, Connections connections)
    {
        var form = new ConnectForm { Server = server, Name = name, Url = url, Token = token, Replace = replace };
        try
        {
            var request = Read(form);
            connector.CheckName(request.Name);
            return connections.Begin(request) is { } connection ? Results.LocalRedirect($"/connect/{connection.Key}")
                : Show(form, "Several accounts are being connected already. End one of them first, or wait for it.");
        }
        catch (ConnectingException wrong)
        {
            return Show(form, wrong.OnPage);
        }
    }

    private static ConnectRequest Read(ConnectForm form)
    {
        var address = ServerAddress.Read(form.Server ?? "");
        Uri? url = null;
        if (!string.IsNullOrWhiteSpace(form.Url) && !PublicAddress.TryRead(form.Url, out url))
        {
            throw new ConnectingException($"'{form.Url}' is no address at which this engine can be reached from outside. Write it like https://your.host, or leave it empty.");
        }

        var token = form.Token?.Trim();
        if (token is { Length: > 0 } && !token.All(sign => sign is >= '!' and <= '~'))
        {
            throw new ConnectingException($"That is no token. Copy it from Misskey as it stands there, in one line.");
        }

        return new()
        {
            Server = address.Origin,
            Username = address.Username,
            Name = Given(form.Name),
            PublicUrl = url,
            Token = token is { Length: > 0 } ? new Secret(token) : null,
            Replace = Given(form.Replace),
        };
    }

    // Who asks for news, having seen so many steps, gets nothing while there are no more.
    private static IResult Wait(string key, int? seen, HttpRequest request, Connections connections, PublicAddress here)
    {
        if (connections.Find(key) is not { } connection)
        {
            // The page that waits would wait for ever: it is loaded anew, and this is what it shows then.
            request.HttpContext.Response.Headers["HX-Refresh"] = "true";
            return new RazorComponentResult<ConnectPage>(new { Form = new ConnectForm { Url = here.Url?.ToString() }, Trouble = (Phrase)"What was begun there is not known any more: the engine was started anew meanwhile. Connect the account again." })
            {
                StatusCode = StatusCodes.Status404NotFound,
            };
        }

        return request.Headers.ContainsKey("HX-Request") && seen == connection.Steps.Count && !connection.IsDone
            ? Results.NoContent() : new RazorComponentResult<ConnectionPage>(new { Key = key });
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static RazorComponentResult<ConnectPage> Show(ConnectForm form, Phrase? trouble = null) => new(new { Form = form, Trouble = trouble })
    {
        StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
    };
}

/// <summary>What is written into the form.</summary>
public sealed record ConnectForm
{
    public string? Server { get; init; }

    public string? Name { get; init; }

    /// <summary>Where the engine is reached from outside; empty where events are to be streamed.</summary>
    public string? Url { get; init; }

    /// <summary>A token that was made by hand; it is never shown again.</summary>
    public string? Token { get; init; }

    public string? Replace { get; init; }
}
