using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>The pages of the rules: all of them, one file, and what is done with its text.</summary>
internal static class RuleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rules", (string? told) => new RazorComponentResult<RulesPage>(new { Told = told }));
        routes.MapGet("/rules/schema", SchemaAsync);
        routes.MapGet("/rules/files/{key}", Show);
        routes.MapGet("/rules/files/{key}/edit", Open);
        routes.MapPost("/rules/files/{key}/switch", Switch);
        routes.MapPost("/rules/files/{key}/look", Look);
        routes.MapPost("/rules/files/{key}/check", Check);
        routes.MapPost("/rules/files/{key}/past", LookBackAsync);
        routes.MapPost("/rules/files/{key}/test", TestAsync);
        routes.MapPost("/rules/files/{key}/save", Save);
        routes.MapPost("/rules/files/{key}/draft", Keep);
        routes.MapPost("/rules/files/{key}/draft/drop", Drop);
    }

    private static IResult Show(string key, string? told, RuleShelf shelf) => shelf.Find(key) is { } file
        ? new RazorComponentResult<RuleFilePage>(new { File = file, Told = told }) : NotFoundPage.Answer();

    private static IResult Open(string key, string? from, RuleShelf shelf)
    {
        if (shelf.Find(key) is not { } file || !RuleFileText.TryRead(file.Path, out var text, out _))
        {
            return NotFoundPage.Answer();
        }

        var edit = from switch
        {
            "draft" when RuleEdits.FindDraft(file) is var (draft, madeFrom) => new(file, draft, madeFrom ?? Digest.Of(text), shelf) { IsDraft = true, OpenedDraft = Digest.Of(draft) },
            "before" when RuleEdits.ReadBeside(file, RuleEdits.Former) is { } former => new(file, former, Digest.Of(text), shelf),
            _ => new RuleEdit(file, text, Digest.Of(text), shelf),
        };
        return Edit(edit, RuleEdits.Obstacle(file), status: StatusCodes.Status200OK);
    }

    private static Task SchemaAsync(HttpContext context, Visitor visitor)
    {
        context.Response.ContentType = "application/schema+json; charset=utf-8";
        return EditorSchemas.In(visitor.Language).AnswerAsync(context);
    }

    private static IResult Switch(string key, [FromForm] string? rule, [FromForm] string? mode, RuleShelf shelf, RuleEdits edits)
    {
        if (shelf.Find(key) is not { } file || rule is null || !Enum.TryParse<RuleMode>(mode, out var wanted) || !Enum.IsDefined(wanted))
        {
            return NotFoundPage.Answer();
        }

        var saved = edits.Switch(file, rule, wanted);
        var trouble = saved.IsStale ? Phrase.Of($"The file {file.Name} was changed at the same moment. Look at it, and switch the rule again.") : saved.Trouble;
        return trouble is null ? Results.LocalRedirect("/rules?told=switched")
            : new RazorComponentResult<RulesPage>(new { Trouble = trouble }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
    }

    // What the editor shows while somebody types.
    private static IResult Look(string key, [AsParameters] EditForm form, RuleShelf shelf, Visitor visitor, TimeProvider time)
    {
        if (Sent(key, form, shelf) is not { } sent)
        {
            return Results.NotFound();
        }

        // Browsers count line ends as one character each.
        var source = new SourceText(sent.File.Path, sent.Text.ReplaceLineEndings("\n"));
        var reading = shelf.Read(source);
        return Results.Json(EditorLook.Of(reading, source, visitor.Language, time.GetUtcNow()), EditorLookJson.Default.EditorLook);
    }

    private static async Task<IResult> LookBackAsync(
        string key, [AsParameters] EditForm form, RuleShelf shelf, Hindsight hindsight, CancellationToken cancellationToken)
    {
        if (Sent(key, form, shelf) is not { } sent)
        {
            return Gone(form);
        }

        return sent.Reading.RuleSet is { } rules
            ? Edit(sent with { Findings = sent.Reading.Diagnostics, IsChecked = true, Past = await hindsight.CompareAsync(shelf.Read().RuleSet, rules, cancellationToken) }, status: StatusCodes.Status200OK)
            : Edit(sent with { Findings = sent.Reading.Diagnostics, IsChecked = true }, "What it would have done cannot be told: the text has errors.");
    }

    private static IResult Check(string key, [AsParameters] EditForm form, RuleShelf shelf)
    {
        if (Sent(key, form, shelf) is not { } sent)
        {
            return Gone(form);
        }

        return Edit(sent with { Findings = sent.Reading.Diagnostics, IsChecked = true }, status: StatusCodes.Status200OK);
    }

    private static async Task<IResult> TestAsync(string key, [AsParameters] EditForm form, RuleShelf shelf, CancellationToken cancellationToken)
    {
        if (Sent(key, form, shelf) is not { } sent)
        {
            return Gone(form);
        }

        if (sent.Reading.RuleSet is null)
        {
            return Edit(sent with { Findings = sent.Reading.Diagnostics, IsChecked = true }, "No test was run: the text has errors.");
        }

        var (results, findings) = await RuleShelf.TestAsync(sent.Reading, sent.File, cancellationToken);
        return Edit(sent with { Findings = [.. sent.Reading.Diagnostics, .. findings], IsChecked = true, Tests = results }, status: StatusCodes.Status200OK);
    }

    private static IResult Save(string key, [AsParameters] EditForm form, RuleShelf shelf, RuleEdits edits)
    {
        if (Sent(key, form, shelf) is not { } sent)
        {
            return Gone(form);
        }

        var errors = edits.ErrorsOf(sent);
        if (errors.Count > 0)
        {
            return Edit(sent with { Findings = errors, IsChecked = true }, "It was not saved: with these errors the rules would not load. Mend them, or keep the text as a draft.");
        }

        var saved = edits.Save(sent);
        if (saved.IsStale)
        {
            return RuleFileText.TryRead(sent.File.Path, out var now, out _)
                ? Edit(sent with { Now = now, Opened = Digest.Of(now) }, "It was not saved: the file was changed since you opened it. Compare the two, take over what is to stay, and save again; that replaces what is there now.", StatusCodes.Status409Conflict)
                : Gone(form);
        }

        return saved.Trouble is { } trouble ? Edit(sent, trouble) : Results.LocalRedirect($"{sent.File.Url}?told=saved");
    }

    private static IResult Keep(string key, [AsParameters] EditForm form, RuleShelf shelf, RuleEdits edits) =>
        Sent(key, form, shelf) is not { } sent ? Gone(form) : edits.Keep(sent) switch
        {
            { IsStale: true } when RuleEdits.FindDraft(sent.File) is var (draft, _) => Edit(
                sent with { Now = draft, IsDraftNow = true, OpenedDraft = Digest.Of(draft) },
                "It was not kept: there is another draft. Compare the two, take over what is to stay, and keep it again; that replaces the other draft.",
                StatusCodes.Status409Conflict),

            // It was thrown away at this moment.
            { IsStale: true } => Keep(key, form, shelf, edits),
            { Trouble: { } trouble } => Edit(sent, trouble),
            _ => Results.LocalRedirect($"{sent.File.Url}?told=kept"),
        };

    private static IResult Drop(string key, RuleShelf shelf, RuleEdits edits)
    {
        if (shelf.Find(key) is not { } file || !RuleFileText.TryRead(file.Path, out var text, out _))
        {
            return NotFoundPage.Answer();
        }

        return edits.Drop(file).Trouble is { } trouble ? Edit(new(file, text, Digest.Of(text), shelf), trouble) : Results.LocalRedirect(file.Url);
    }

    private static RuleEdit? Sent(string key, EditForm form, RuleShelf shelf) =>
        shelf.Find(key) is { } file && RuleFileText.TryRead(file.Path, out var live, out _)
            ? new(file, RuleEdits.WithLineEndsOf(form.Text ?? "", live), form.Opened ?? "", shelf) { IsDraft = form.Draft == "true", OpenedDraft = form.OpenedDraft } : null;

    // What somebody wrote is not lost because the file has gone meanwhile.
    private static IResult Gone(EditForm form) => string.IsNullOrEmpty(form.Text) ? NotFoundPage.Answer()
        : new RazorComponentResult<KeptTextPage>(new { Title = (Phrase)"The file is not there any more", Sentence = (Phrase)"Nothing was saved. This is your text:", form.Text }) { StatusCode = StatusCodes.Status409Conflict };

    private static RazorComponentResult<RuleEditPage> Edit(RuleEdit edit, Phrase? trouble = null, int status = StatusCodes.Status422UnprocessableEntity) =>
        new(new { Of = edit, Trouble = trouble }) { StatusCode = status };
}

/// <summary>What the form of the editor sends.</summary>
internal sealed class EditForm
{
    /// <summary>The text.</summary>
    [FromForm]
    public string? Text { get; init; }

    /// <summary>The digest of the file's text that it was made from.</summary>
    [FromForm]
    public string? Opened { get; init; }

    /// <summary><c>true</c> where it goes on with the draft.</summary>
    [FromForm]
    public string? Draft { get; init; }

    /// <summary>The digest of the draft that its writer has seen.</summary>
    [FromForm]
    public string? OpenedDraft { get; init; }
}

/// <summary>A text that somebody works on.</summary>
/// <param name="File">The file that it is for.</param>
/// <param name="Text">The text.</param>
/// <param name="Opened">The digest of the file's text that it was made from.</param>
/// <param name="Shelf">The files among which it is read.</param>
internal sealed record RuleEdit(RuleFile File, string Text, string Opened, RuleShelf Shelf)
{
    /// <summary>Whether it goes on with the draft beside the file, which is done with once this is saved.</summary>
    public bool IsDraft { get; init; }

    /// <summary>The digest of the draft that its writer has seen; null for none.</summary>
    public string? OpenedDraft { get; init; }

    /// <summary>Whether it was looked through.</summary>
    public bool IsChecked { get; init; }

    /// <summary>What was found then.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; init; } = [];

    /// <summary>What its tests gave; null when they were not run.</summary>
    public IReadOnlyList<RuleTestResult>? Tests { get; init; }

    /// <summary>What it would have done with what came in lately; null when nobody asked.</summary>
    public PastComparison? Past { get; init; }

    /// <summary>The file's text now, or the draft's, where it is not that any more; null otherwise.</summary>
    public string? Now { get; init; }

    /// <summary>Whether that is the draft's.</summary>
    public bool IsDraftNow { get; init; }

    /// <summary>The text with its place.</summary>
    public SourceText Source { get; } = new(File.Path, Text);

    /// <summary>The set of rules with this text in it; read once.</summary>
    public RuleReading Reading => field ??= Shelf.Read(Source);
}
