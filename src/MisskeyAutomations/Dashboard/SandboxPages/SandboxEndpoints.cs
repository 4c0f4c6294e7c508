using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.SandboxPages;

/// <summary>The page of the sandbox, on which whoever looks plays other people.</summary>
internal static class SandboxEndpoints
{
    // So long the page waits for an answer, to have it shown without JavaScript too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox", Show);
        routes.MapPost("/sandbox/act", ActAsync);
        routes.MapPost("/sandbox/post", PostAsync);
        routes.MapPost("/sandbox/people", (Playground playground, [FromForm] string? username, [FromForm] string? bot) =>
            Conclude(playground.Add(username, bot == "on"), username?.Trim().TrimStart('@')));
        routes.MapPost("/sandbox/quiet", (Playground playground, [FromForm] string? quiet) =>
        {
            playground.IsQuiet = quiet == "on";
            return Results.LocalRedirect("/sandbox");
        });
    }

    // Who asks for news, having seen the newest, gets nothing.
    private static IResult Show(Playground playground, HttpRequest request, long? seen, string? who, string? deed) =>
        request.Headers.ContainsKey("HX-Request") && seen == playground.Last ? Results.NoContent() : Page(who, deed);

    private static async Task<IResult> ActAsync(
        Playground playground, [FromForm] string? who, [FromForm] string? deed, [FromForm] string? note, [FromForm] string? text, CancellationToken cancellationToken)
    {
        var before = playground.Last;
        if (!Enum.TryParse<PlayDeed>(deed, out var asked) || !Enum.IsDefined(asked))
        {
            return Page(who, deed, text, "Choose what is done.");
        }

        if (playground.Act(who, asked, note, text) is { } trouble)
        {
            return Page(who, deed, text, trouble);
        }

        await playground.AnsweredAsync(before, Patience, cancellationToken);
        return Results.LocalRedirect($"/sandbox?who={Uri.EscapeDataString(who!)}&deed={asked}");
    }

    private static async Task<IResult> PostAsync(Playground playground, [FromForm] string? text, CancellationToken cancellationToken)
    {
        var before = playground.Last;
        if (playground.Post(text) is { } trouble)
        {
            return Page(trouble: trouble);
        }

        await playground.AnsweredAsync(before, Patience, cancellationToken);
        return Results.LocalRedirect("/sandbox");
    }

    private static IResult Conclude(Phrase? trouble, string? who) =>
        trouble is null ? Results.LocalRedirect($"/sandbox?who={Uri.EscapeDataString(who ?? "")}") : Page(trouble: trouble);

    private static RazorComponentResult<SandboxPage> Page(string? who = null, string? deed = null, string? text = null, Phrase? trouble = null) =>
        new(new { Who = who, Deed = deed, Text = text, Trouble = trouble })
        {
            StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
