using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>A note about to be frozen: the body of <c>notes/create</c>.</summary>
internal sealed record NoteDraft
{
    /// <summary>The endpoint that makes notes.</summary>
    public const string Endpoint = "notes/create";

    /// <summary>What it says; null for a bare renote.</summary>
    public NoteContent? Content { get; init; }

    /// <summary>How visible it is to be.</summary>
    public required string Visibility { get; init; }

    /// <summary>Whom a specified note is for.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>Whether it stays on this server.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>The note that it answers.</summary>
    public string? ReplyId { get; init; }

    /// <summary>The note that it renotes or quotes.</summary>
    public string? RenoteId { get; init; }

    /// <summary>The channel in which it appears.</summary>
    public string? ChannelId { get; init; }

    /// <summary>What was changed for safety's sake.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Freezes it.</summary>
    /// <param name="input">The step's input.</param>
    /// <param name="action">The step's name.</param>
    /// <param name="thread">The thread in which it appears; null for none.</param>
    /// <param name="summary">One line for people.</param>
    public Preparation Freeze(ActionInput input, string action, string? thread, string summary) => new Preparation.Ready(new Intent
    {
        Action = action,
        Endpoint = Endpoint,
        Body = ToBody(),
        Repeat = Repeat.Never,
        Budget = "notes",
        AnswersUser = input.Event.ActorId is { } actor && actor != input.Event.MeId ? actor : null,
        Thread = thread,
        Summary = summary,
        Remarks = [.. Remarks, .. Content?.Remarks ?? []],
    });

    private string ToBody() => RequestBody.Write(json =>
    {
        json.WriteString("visibility", Visibility);
        if (Visibility == "specified")
        {
            json.WriteStartArray("visibleUserIds");
            foreach (var id in Recipients)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
        }

        if (Content?.Cw is { } cw)
        {
            json.WriteString("cw", cw);
        }

        if (Content?.Text is { } text)
        {
            json.WriteString("text", text);
        }

        if (LocalOnly)
        {
            json.WriteBoolean("localOnly", value: true);
        }

        if (Content is not null)
        {
            // Misskey sends the whole text of a specified note to every remote user whom it mentions, recipient or not. Recipients
            // are told without a mention.
            json.WriteBoolean("noExtractMentions", !Content.Mentions || Visibility == "specified");
            json.WriteBoolean("noExtractHashtags", !Content.Hashtags);
        }

        Write(json, "replyId", ReplyId);
        Write(json, "renoteId", RenoteId);
        Write(json, "channelId", ChannelId);
        if (Content is { FileIds: { Count: > 0 } files })
        {
            json.WriteStartArray("fileIds");
            foreach (var id in files)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
        }

        if (Content?.Poll is { } poll)
        {
            WritePoll(json, poll);
        }
    });

    private static void Write(Utf8JsonWriter json, string name, string? id)
    {
        if (id is not null)
        {
            json.WriteString(name, id);
        }
    }

    private static void WritePoll(Utf8JsonWriter json, Poll poll)
    {
        json.WriteStartObject("poll");
        json.WriteStartArray("choices");
        foreach (var choice in poll.Choices)
        {
            json.WriteStringValue(choice);
        }

        json.WriteEndArray();
        json.WriteBoolean("multiple", poll.Multiple);
        if (poll.ExpiredAfter is { } after)
        {
            json.WriteNumber("expiredAfter", after);
        }

        json.WriteEndObject();
    }
}
