using System.Diagnostics.CodeAnalysis;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>What a note says, whoever will see it: text, content warning, files, poll.</summary>
internal sealed record NoteContent
{
    private const int MaxCwLength = 100;
    private const int MaxFiles = 16;

    /// <summary>The options that every step that writes a note takes beside its text.</summary>
    public static readonly IReadOnlyList<Parameter> Options =
    [
        new("cw", ParameterType.Text, "A content warning: the text is folded away under it."),
        new("local-only", ParameterType.Boolean, "Keep the note on this server."),
        new("files", ParameterType.Files, "Up to 16 files of the account's drive."),
        new("poll", ParameterType.Poll, "A poll: { choices: LIST, multiple: false, expires: 24h }."),
    ];

    /// <summary>The text; null when the note has only files or a poll.</summary>
    public string? Text { get; private init; }

    /// <summary>The content warning; null for none.</summary>
    public string? Cw { get; private init; }

    /// <summary>Ids of files in the account's drive.</summary>
    public required IReadOnlyList<string> FileIds { get; init; }

    /// <summary>The poll; null for none.</summary>
    public Poll? Poll { get; private init; }

    /// <summary>Whether the rule or the engine itself mentions somebody: only then does Misskey look for mentions.</summary>
    public bool Mentions { get; private init; }

    /// <summary>Whether the rule itself wrote a hashtag.</summary>
    public bool Hashtags { get; private init; }

    /// <summary>Whether it holds text of a note that is not public, and the step does not allow that.</summary>
    public bool IsHeldBack { get; private init; }

    /// <summary>What was changed for the server's sake.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Reads the step's text and options.</summary>
    /// <param name="input">The step's input.</param>
    /// <param name="lead">A mention that the engine itself puts before the text; null for none.</param>
    /// <param name="inheritedCw">The content warning of the note that is answered; null for none.</param>
    /// <param name="content">The content.</param>
    /// <param name="instead">What becomes of the step when there is nothing to post.</param>
    public static bool TryRead(
        ActionInput input, string? lead, string? inheritedCw, [NotNullWhen(true)] out NoteContent? content, [NotNullWhen(false)] out Preparation? instead)
    {
        content = null;
        var text = PostText.Of(input.Main);
        if (!TryReadFiles(input["files"], out var files, out instead) || !TryReadPoll(input["poll"], out var poll, out instead))
        {
            return false;
        }

        if (text.IsEmpty && files.Count == 0 && poll is null)
        {
            instead = new Preparation.Skip("The text came out empty.");
            return false;
        }

        var whole = text.IsEmpty ? lead : lead is null ? text.Text : $"{lead} {text.Text}";
        var cut = whole is null ? null : PostText.Cut(whole, input.Defaults.MaxNoteLength);
        var cw = CwOf(input["cw"], inheritedCw);
        content = new NoteContent
        {
            Text = cut,
            Cw = cw is null ? null : PostText.Cut(cw.Text, MaxCwLength),
            FileIds = files,
            Poll = poll,
            Mentions = lead is not null || text.Mentions || cw is { Mentions: true } || poll is { Mentions: true },
            Hashtags = text.Hashtags || cw is { Hashtags: true } || poll is { Hashtags: true },
            IsHeldBack = PrivateText.IsHeldBack(input, "", "cw", "poll", "files"),
            Remarks = cut == whole ? [] : [$"The text was cut at {input.Defaults.MaxNoteLength} characters, the server's limit."],
        };
        return true;
    }

    /// <summary>A note under a content warning is answered under one: the step may word it anew, not drop it.</summary>
    private static PostText? CwOf(Value own, string? inherited) =>
        PostText.Of(own) is { IsEmpty: false } given ? given
        : PostText.Of(Value.Of(inherited)) is { IsEmpty: false } kept ? kept
        : null;

    private static bool TryReadFiles(Value value, out List<string> files, [NotNullWhen(false)] out Preparation? instead)
    {
        files = [];
        instead = null;
        foreach (var entry in value.Kind switch { ValueKind.Null => [], ValueKind.List => value.List, _ => [value] })
        {
            var id = entry.Map?.Entries.GetValueOrDefault("id").Text ?? entry.Text;
            if (!Ids.IsValid(id))
            {
                instead = new Preparation.Invalid($"This is not a file: {Misskey.Words.OneLine(entry.ToText(), 40)}.");
                return false;
            }

            if (!files.Contains(id, StringComparer.Ordinal))
            {
                files.Add(id);
            }
        }

        instead = files.Count > MaxFiles ? new Preparation.Invalid($"A note has at most {MaxFiles} files.") : null;
        return instead is null;
    }

    private static bool TryReadPoll(Value value, out Poll? poll, [NotNullWhen(false)] out Preparation? instead)
    {
        (poll, instead) = (null, null);
        if (value.IsNull)
        {
            return true;
        }

        poll = Poll.Read(value, out var reason);
        instead = poll is null ? new Preparation.Invalid(reason) : null;
        return instead is null;
    }
}
